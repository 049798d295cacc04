import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildBundles } from './build-bundles.ts';
import { CliError } from './terminal.ts';

const builder = (script: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'builder-')), 'build.sh');
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
};

test('a build that fails says what it printed, and how to see it again', () => {
  const build = (): void => buildBundles(builder('echo "main.ts:3: Unexpected end of file"; exit 1'));
  expect(build).toThrow(CliError);
  expect(build).toThrow(/npm run build[\s\S]*main\.ts:3: Unexpected end of file/);
});

test('a builder that is not there is named', () => {
  expect(() => buildBundles('/nowhere/nx')).toThrow(/\/nowhere\/nx ENOENT/);
});
