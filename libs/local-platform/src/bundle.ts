import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { bundleFolder } from './wiring.ts';

/** The built file of an app. @throws when it has not been built */
export function bundleFile(bundle: string): string {
  const file = join(bundleFolder(bundle), 'main.mjs');
  if (!existsSync(file)) throw new Error(`apps/${bundle} has not been built: run "npm run build"`);
  return file;
}

/** The same zip that Terraform ships: the one file, at the root. */
export const zipBundle = (bundle: string): Uint8Array => zipSync({ 'main.mjs': readFileSync(bundleFile(bundle)) });
