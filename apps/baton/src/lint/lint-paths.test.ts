import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lintPaths } from './lint-paths.ts';

const WRONG = JSON.stringify({ StartAt: 'A', States: {} });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const filesFound = (...paths: string[]): readonly string[] => [
  ...new Set(lintPaths(paths, { folder }).findings.map(({ file }) => file)),
];
const problems = (...paths: string[]): readonly string[] =>
  lintPaths(paths, { folder }).problems.map(({ exitCode, message }) => `${exitCode} ${message}`);

it('reads definitions of a folder by their names, others by what they hold', () => {
  write('b/one.asl.json', WRONG);
  write('b/two.asl.json.tftpl', '{"StartAt": "A", "States": {}, "TimeoutSeconds": ${a}}');
  write('a/machine.json', WRONG);
  write('a/package.json', '{"name": "States", "StartAt": 1}');
  write('a/broken.json', '{"StartAt": "States", "States"');
  write('node_modules/x/one.asl.json', WRONG);
  write('.terraform/one.asl.json', WRONG);
  expect(filesFound('.')).toEqual(['a/machine.json', 'b/one.asl.json', 'b/two.asl.json.tftpl']);
  expect(problems('.')).toEqual([]);
});

it('reads a file of any name when it is asked for', () => {
  write('machine.txt', WRONG);
  expect(filesFound('machine.txt')).toEqual(['machine.txt']);
});

it('says what is not there, and reads the rest', () => {
  write('one.asl.json', WRONG);
  write('two.asl.json', '{');
  mkdirSync(join(folder, 'empty'));
  expect(filesFound('nowhere', 'one.asl.json')).toEqual(['one.asl.json']);
  const long = 'x'.repeat(300);
  expect(problems('nowhere', long, 'empty', 'one.asl.json', 'two.asl.json')).toEqual([
    '66 there is no file or folder nowhere',
    expect.stringMatching(/^66 x+ cannot be read: ENAMETOOLONG/),
    expect.stringMatching(/^66 empty holds no definition: /),
    '65 two.asl.json:1:2: not JSON: close brace expected',
  ]);
});

// Permissions stop everybody but root.
it.skipIf(process.getuid?.() === 0)('says what it may not read, and reads the rest', () => {
  write('a/one.asl.json', WRONG);
  write('b/two.json', WRONG);
  write('three.asl.json', WRONG);
  chmodSync(join(folder, 'a'), 0);
  chmodSync(join(folder, 'b/two.json'), 0);
  expect(filesFound('.')).toEqual(['three.asl.json']);
  expect(problems('.')).toEqual([
    expect.stringMatching(/^66 a cannot be read: EACCES/),
    expect.stringMatching(/^66 b\/two\.json cannot be read: EACCES/),
  ]);
  chmodSync(join(folder, 'a'), 0o700);
});
