/**
 * One package's declarations: what the compiler emits for the entry points and for all that they reach, with the imports that work outside.
 * The compiler and nothing else, because tools that roll declarations into one file depend on its insides and change with each of its releases.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packagesOf } from './bundle.ts';

/** The source file of every import that our own packages have, e.g. `@baton/token-lib/worker`. */
export type OwnModules = Readonly<Record<string, string>>;

/** Emits the declarations of these files of the repository, and of what they reach, and returns the folder they lie in. */
export function emitDeclarations(root: string, files: readonly string[], own: OwnModules): string {
  const folder = mkdtempSync(join(root, 'node_modules', '.declarations-'));
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: join(folder, 'out'),
      rewriteRelativeImportExtensions: true,
      // By way of node_modules they would count as packages of others, for which nothing is emitted.
      paths: Object.fromEntries(Object.entries(own).map(([name, file]) => [name, [join(root, file)]])),
    },
    files: files.map((file) => join(root, file)),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json')], { stdio: 'inherit' });
  return folder;
}

/**
 * Copies the declarations that these entry points reach into `types/`, and their entry points' names into `dist/`.
 * @returns the packages of others that they import
 */
export function copyDeclarations(
  emitted: string,
  entries: Readonly<Record<string, string>>,
  own: OwnModules,
  stage: string,
): Set<string> {
  const others = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(emitted, 'out', declarationOf(file)), 'utf8');
    const rewritten = text.replaceAll(IMPORT, (whole, before: string, specifier: string, after: string) => {
      const target = specifier.startsWith('.') ? join(dirname(file), specifier) : own[specifier];
      if (target === undefined) {
        packagesOf([specifier]).forEach((name) => others.add(name));
        if (specifier.startsWith('node:')) others.add('node');
        return whole;
      }
      visit(target);
      return `${before}${relativeTo(file, target)}${after}`;
    });
    write(join(stage, 'types', declarationOf(file)), rewritten);
  };
  for (const [name, file] of Object.entries(entries)) {
    visit(file);
    const from = join('dist', `${name}.ts`);
    write(join(stage, 'dist', `${name}.d.ts`), `export * from '${relativeTo(from, join('types', file))}';\n`);
  }
  return others;
}

/** `from '...'`, `import('...')` and `import '...'`, as the compiler writes them. */
const IMPORT = /(\bfrom '|\bimport\('|^import ')([^']+)(')/gm;

const declarationOf = (file: string): string => file.replace(/\.ts$/, '.d.ts');

function relativeTo(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

export const discardDeclarations = (emitted: string): void => rmSync(emitted, { recursive: true, force: true });
