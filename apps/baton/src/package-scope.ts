import { readFileSync } from 'node:fs';

/** It stands one folder above the sources and above the built files. */
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};

/** The scope of this package, which its neighbours have too. */
export const scope: string = manifest.name.split('/')[0] ?? '';
export const version: string = manifest.version;
