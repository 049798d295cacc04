/** Writes the tarballs of the packages that outsiders install: `npm run pack:packages -- FOLDER`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discardDeclarations, emitDeclarations } from './declarations.ts';
import { PACKAGES } from './packages.ts';
import { ownModules, stagePackage } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main(named: string | undefined): Promise<void> {
  if (named === undefined) throw new Error('name the folder for the tarballs: npm run pack:packages -- FOLDER');
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  mkdirSync(folder, { recursive: true });
  const emitted = emitDeclarations(
    root,
    PACKAGES.flatMap(({ exports }) => Object.values(exports)),
    ownModules(root),
  );
  try {
    for (const spec of PACKAGES) {
      const stage = join(root, 'tools/packages/dist', spec.name);
      await stagePackage(spec, { root, stage, emitted });
      const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: stage });
      console.log(join(folder, packed.toString().trim()));
    }
  } finally {
    discardDeclarations(emitted);
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(`pack:packages: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
