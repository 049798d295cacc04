import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** The earliest time in a zip, in local time as fflate reads it: neither the clock nor the time zone changes the bytes. */
const noTime = new Date(1980, 0, 1);

/** Packs files into a zip: the same files give the same bytes, in any order, at any time, on any machine. */
export function packZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime: noTime, os: 3 });
}

/** Returns the modules that a build left in its folder, by name: `main.mjs`, and those that it loads when they are first used. */
export const modulesOf = (folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
