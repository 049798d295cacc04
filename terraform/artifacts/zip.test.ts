import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import { modulesOf, packZip } from './zip.ts';

const text = (value: string) => new TextEncoder().encode(value);

test('the same files give the same bytes in any order', () => {
  const one = packZip({ 'main.mjs': text('export {}'), 'a.json': text('{}') });
  const other = packZip({ 'a.json': text('{}'), 'main.mjs': text('export {}') });
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
});

test('no time of day and no time zone is in the bytes', () => {
  const packed = Buffer.from(packZip({ 'main.mjs': text('export {}') }));
  // Local file header: time and date of modification, MS-DOS form; 1980-01-01 00:00 is 0 and 33.
  expect([packed.readUInt16LE(10), packed.readUInt16LE(12)]).toEqual([0, 33]);
});

test('the files come out as they went in', () => {
  const files = unzipSync(packZip({ 'main.mjs': text('export const handler = 1;') }));
  expect(Object.keys(files)).toEqual(['main.mjs']);
  expect(new TextDecoder().decode(files['main.mjs'])).toBe('export const handler = 1;');
});

test('of a build every module is packed, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['main.mjs', 'kms-mac-UDBY6Y2T.mjs', 'package.json']) writeFileSync(join(folder, name), name);
  expect(Object.keys(unzipSync(packZip(modulesOf(folder)))).sort()).toEqual(['kms-mac-UDBY6Y2T.mjs', 'main.mjs']);
});
