/** One package's JavaScript: our own libraries in it, everybody else's named. */
import { build, type Plugin } from 'esbuild';
import { join } from 'node:path';
import type { PackageSpec } from './packages.ts';

export interface Bundled {
  /** The packages of others that the code imports. */
  readonly imports: ReadonlySet<string>;
}

/** Bare imports of others stay imports; those of the workspace are bundled. */
const othersStay: Plugin = {
  name: 'others-stay',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@baton/')) return undefined;
      return { path, external: true };
    });
  },
};

/** Returns the entry points: what is imported, by its file's name in `dist/`, and the program. */
export function entryPoints({ exports, program }: PackageSpec): Record<string, string> {
  const subpaths = Object.entries(exports).map(([subpath, file]) => [moduleName(subpath), file] as const);
  return { ...Object.fromEntries(subpaths), ...(program && { main: program.main }) };
}

/** `.` is `index`, `./direct` is `direct`. */
export const moduleName = (subpath: string): string => (subpath === '.' ? 'index' : subpath.slice(2));

/** Writes `dist/` of the staged package, with source maps. */
export async function bundle(spec: PackageSpec, root: string, stage: string): Promise<Bundled> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(spec),
    outdir: join(stage, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    sourcemap: 'linked',
    // Names stay, for stack traces; of the rest a start reads a third less.
    minifySyntax: true,
    minifyWhitespace: true,
    conditions: ['@baton/source'],
    // Beside the entry points: sources and built files lie one folder below package.json.
    chunkNames: '[name]-[hash]',
    plugins: [othersStay],
    metafile: true,
    logLevel: 'warning',
  });
  const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  return { imports: packagesOf(external.map(({ path }) => path)) };
}

/** Returns the packages that these specifiers are of, without Node's own modules. */
export function packagesOf(specifiers: readonly string[]): Set<string> {
  const bare = specifiers.filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'));
  return new Set(bare.map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier));
}
