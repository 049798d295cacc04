import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { bundleFolder } from './wiring.ts';

/**
 * Returns the path of an app's program or of its functions' module.
 * @throws when the app has not been built
 */
export function bundleFile(bundle: string): string {
  return join(builtFolder(bundleFolder(bundle), `apps/${bundle}`), 'main.mjs');
}

/** The same files make the same zip, which Terraform does not deploy again. The format knows no earlier day. */
const ZIP_TIME = { mtime: new Date(1980, 0, 1) };

/** Returns the zip that Terraform ships: `main.mjs` and the modules that it loads when they are first used, at the root. */
export const zipBundle = (bundle: string): Uint8Array => zipFolder(bundleFolder(bundle), `apps/${bundle}`);

/**
 * Returns the zip of the modules in a build's folder.
 * @param name what is built there, for who has not
 * @throws when it has not been built
 */
export function zipFolder(folder: string, name: string): Uint8Array {
  const built = builtFolder(folder, name);
  const modules = readdirSync(built).filter((file) => file.endsWith('.mjs'));
  return zipSync(Object.fromEntries(modules.map((file) => [file, readFileSync(join(built, file))])), ZIP_TIME);
}

function builtFolder(folder: string, name: string): string {
  if (!existsSync(join(folder, 'main.mjs'))) throw new Error(`${name} has not been built: run "npm run build"`);
  return folder;
}
