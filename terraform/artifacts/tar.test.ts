import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packTar } from './tar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-tar-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (value: string) => new TextEncoder().encode(value);

test("the system's tar unpacks what was packed", () => {
  const long = 'x'.repeat(1025);
  const files = [
    { name: 'run', content: text('#!/bin/sh\n'), executable: true },
    { name: 'empty', content: text(''), executable: false },
    { name: 'lib/long', content: text(long), executable: false },
  ];
  execFileSync('tar', ['-x', '-C', folder], { input: packTar(files) });
  expect(readFileSync(join(folder, 'run'), 'utf8')).toBe('#!/bin/sh\n');
  expect(readFileSync(join(folder, 'empty'), 'utf8')).toBe('');
  expect(readFileSync(join(folder, 'lib/long'), 'utf8')).toBe(long);
  expect(statSync(join(folder, 'run')).mode & 0o111).toBe(0o111);
  expect(statSync(join(folder, 'empty')).mode & 0o111).toBe(0);
});

test('a name that the form has no room for is refused', () => {
  expect(() => packTar([{ name: 'n'.repeat(101), content: text(''), executable: false }])).toThrow('up to 100 bytes');
});
