/**
 * Makes the zips that Terraform deploys: one per bundle of the wiring's function table and per example, beside this file in dist/. Prints the base64 of
 * each SHA-256, as `sha256_base64` of a module's artifacts takes it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modulesOf, packZip } from './zip.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function bundleNames(): string[] {
  const table = JSON.parse(readFileSync(at('../modules/platform/wiring/functions.json'), 'utf8')) as Record<
    string,
    { bundle: string }
  >;
  return [...new Set(Object.values(table).map((entry) => entry.bundle))].sort();
}

/** Examples whose functions Terraform deploys: those that have sources of their own for Lambda. */
const exampleNames = () =>
  readdirSync(at('../../examples')).filter((name) => existsSync(at(`../../examples/${name}/src/main.ts`)));

function packageBundle(folder: string, name: string): void {
  const built = at(`../../${folder}/dist`);
  if (!existsSync(`${built}/main.mjs`))
    throw new Error(`${folder}/dist/main.mjs is missing: run "npm run build" first`);
  const zip = packZip(modulesOf(built));
  writeFileSync(at(`dist/${name}.zip`), zip);
  console.log(`terraform/artifacts/dist/${name}.zip  ${createHash('sha256').update(zip).digest('base64')}`);
}

try {
  mkdirSync(at('dist/examples'), { recursive: true });
  bundleNames().forEach((bundle) => packageBundle(`apps/${bundle}`, bundle));
  // The argument leaves them out: a release has none.
  if (process.argv[2] !== '--without-examples') {
    exampleNames().forEach((name) => packageBundle(`examples/${name}`, `examples/${name}`));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
