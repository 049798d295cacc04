/**
 * Makes the zips that Terraform deploys: one per bundle of the wiring's function table, beside this file in dist/. Prints the base64 of
 * each SHA-256, as `sha256_base64` of a module's artifacts takes it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packZip } from './zip.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function bundleNames(): string[] {
  const table = JSON.parse(readFileSync(at('../modules/platform/wiring/functions.json'), 'utf8')) as Record<
    string,
    { bundle: string }
  >;
  return [...new Set(Object.values(table).map((entry) => entry.bundle))].sort();
}

function packageBundle(bundle: string): void {
  const file = at(`../../apps/${bundle}/dist/main.mjs`);
  if (!existsSync(file)) throw new Error(`apps/${bundle}/dist/main.mjs is missing: run "npm run build" first`);
  const zip = packZip({ 'main.mjs': readFileSync(file) });
  writeFileSync(at(`dist/${bundle}.zip`), zip);
  console.log(`terraform/artifacts/dist/${bundle}.zip  ${createHash('sha256').update(zip).digest('base64')}`);
}

try {
  mkdirSync(at('dist'), { recursive: true });
  bundleNames().forEach(packageBundle);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
