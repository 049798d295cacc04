import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleWorkflow } from '../run/bundle-workflow.ts';
import { readChecked } from '../run/checked-workflow.ts';
import type { Terminal } from '../terminal.ts';
import { PROJECT_KINDS, runInit } from './init.ts';

const plain = (text: string): string => text;
const quiet = { line: () => undefined, colors: { green: plain } } as unknown as Terminal;
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'init-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test.each(PROJECT_KINDS)('a project of kind %s passes lint, and its functions are bundled', async (kind) => {
  runInit(folder, { kind }, quiet);
  const { needs, built } = await bundleWorkflow(readChecked(folder));
  const functions = Object.keys({ ...needs.functions, ...needs.workers });
  if (functions.length > 0) expect(readdirSync(built)).toEqual(['main.mjs']);
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['README.md', 'main.tf', 'package.json', 'workflow.test.ts']),
  );
  expect(readFileSync(join(folder, 'main.tf'), 'utf8')).not.toMatch(/__[A-Z]+__/);
});

test('nothing is overwritten, and nothing else written then', () => {
  writeFileSync(join(folder, 'main.tf'), '# mine');
  expect(() => runInit(folder, { kind: 'queue' }, quiet)).toThrow(
    `nothing is overwritten: main.tf is in ${folder} already`,
  );
  expect(readdirSync(folder)).toEqual(['main.tf']);
});

test('a package.json that npm has made is completed', () => {
  const standing = {
    name: 'mine',
    dependencies: { a: '1' },
    scripts: { test: 'echo "Error: no test specified" && exit 1', go: 'x' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(standing));
  runInit(folder, { kind: 'host' }, quiet);
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
    name: 'mine',
    dependencies: { a: '1' },
    type: 'module',
    scripts: { go: 'x', test: 'node --test' },
  });
});

test('a handler without a file, and one that its file does not export, are named before anything runs', async () => {
  runInit(folder, { kind: 'queue' }, quiet);
  const main = join(folder, 'src/main.ts');
  writeFileSync(main, 'export const other = 1;');
  const refused = () => bundleWorkflow(readChecked(folder));
  await expect(refused()).rejects.toThrow(
    'local.json: resize: its handler is main.resizeWorker, which src/main.ts does not export; it exports other',
  );
  writeFileSync(main, 'export const = 1;');
  await expect(refused()).rejects.toThrow(/main\.ts is not bundled:[\s\S]*main\.ts:1:13/);
  rmSync(main);
  await expect(refused()).rejects.toThrow(
    'its handler is main.resizeWorker, and there is no src/main.ts that exports it',
  );
});
