import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { entryPoints, packagesOf } from './bundle.ts';
import { copyDeclarations } from './declarations.ts';
import { PACKAGES, PUBLIC_NAMES, SCOPE } from './packages.ts';
import { ownModules } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each(PACKAGES.map((spec) => [spec.name, spec] as const))('all that %s is made of is there', (_, spec) => {
  const files = [...Object.values(entryPoints(spec)), spec.readme, join(spec.project, 'package.json')];
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every name that outsiders import is one that a package exports', () => {
  const exported = PACKAGES.flatMap(({ name, exports }) =>
    Object.keys(exports).map((subpath) => join(SCOPE, name, subpath)),
  );
  expect(exported).toEqual(expect.arrayContaining(Object.values(PUBLIC_NAMES)));
});

test('READMEs of packages import what outsiders have', () => {
  const exported = PACKAGES.flatMap(({ name, exports }) =>
    Object.keys(exports).map((subpath) => join(SCOPE, name, subpath)),
  );
  for (const { readme } of PACKAGES) {
    const text = readFileSync(join(root, readme), 'utf8');
    const imported = [...text.matchAll(/ from '([^'.][^']*)'/g)].map(([, name]) => name ?? '');
    const ours = imported.filter((name) => name.startsWith('@baton/')).map((name) => PUBLIC_NAMES[name] ?? name);
    expect(exported).toEqual(expect.arrayContaining(ours));
  }
});

test('packages are named by their specifiers', () => {
  const specifiers = ['node:fs', './own.ts', 'zod/mini', '@aws-sdk/client-sqs', '@smithy/core/protocols'];
  expect([...packagesOf(specifiers)]).toEqual(['zod', '@aws-sdk/client-sqs', '@smithy/core']);
});

test('the workspace’s own imports lead to their sources', () => {
  expect(ownModules(root)).toMatchObject({ '@baton/asl': 'libs/asl/src/index.ts' });
});

test('declarations lead to each other, and name the packages of others', () => {
  const [emitted, stage] = [mkdtempSync(join(tmpdir(), 'emitted-')), mkdtempSync(join(tmpdir(), 'stage-'))];
  const declare = (file: string, text: string): void => {
    mkdirSync(dirname(join(emitted, 'out', file)), { recursive: true });
    writeFileSync(join(emitted, 'out', file), text);
  };
  declare('libs/one/index.d.ts', "export { two } from '@own/two';\nexport declare const c: import('./c.ts').C;\n");
  declare('libs/one/c.d.ts', "import type { Context } from 'aws-lambda';\nexport type C = Context;\n");
  declare('libs/two/index.d.ts', 'export declare const two: 2;\n');
  declare('libs/two/unreached.d.ts', 'export {};\n');
  const others = copyDeclarations(emitted, { index: 'libs/one/index.ts' }, { '@own/two': 'libs/two/index.ts' }, stage);
  expect([...others]).toEqual(['aws-lambda']);
  expect(readFileSync(join(stage, 'dist/index.d.ts'), 'utf8')).toBe("export * from '../types/libs/one/index.js';\n");
  expect(readFileSync(join(stage, 'types/libs/one/index.d.ts'), 'utf8')).toBe(
    "export { two } from '../two/index.js';\nexport declare const c: import('./c.js').C;\n",
  );
  expect(existsSync(join(stage, 'types/libs/two/unreached.d.ts'))).toBe(false);
});
