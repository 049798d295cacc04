/** A package as it is packed: its code, declarations, manifest and files, in a folder of its own. */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle, moduleName } from './bundle.ts';
import { copyDeclarations, type OwnModules } from './declarations.ts';
import { PUBLIC_NAMES, SCOPE, type PackageSpec } from './packages.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly [member: string]: unknown;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Returns the source file of each import of the workspace's libraries. */
export function ownModules(root: string): OwnModules {
  const folders = globSync('{libs,apps}/*/package.json', { cwd: root }).map((file) => dirname(file));
  const modules = folders.flatMap((folder) => {
    const { name, exports = {} } = readManifest(join(root, folder)) as Manifest & {
      exports?: Record<string, Record<string, string>>;
    };
    return Object.entries(exports).map(([subpath, { '@baton/source': file = '' }]) => [
      join(name, subpath),
      join(folder, file),
    ]);
  });
  return Object.fromEntries(modules) as OwnModules;
}

/** Writes the package's folder. @throws {Error} where something that it carries has not been built */
export async function stagePackage(
  spec: PackageSpec,
  { root, stage, emitted }: { readonly root: string; readonly stage: string; readonly emitted: string },
): Promise<Manifest> {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const { imports } = await bundle(spec, root, stage);
  const entries = Object.entries(spec.exports).map(([subpath, file]) => [moduleName(subpath), file] as const);
  const typed = copyDeclarations(emitted, Object.fromEntries(entries), ownModules(root), stage);
  const typesNeeded = [...typed].map((name) => typesOf(root, name));
  const manifest = manifestOf(spec, root, new Set([...imports, ...typesNeeded, ...(spec.program?.opens ?? [])]));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(stage, 'README.md'), withPublicNames(readFileSync(join(root, spec.readme), 'utf8')));
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  carry(spec, root, stage);
  return manifest;
}

function manifestOf(spec: PackageSpec, root: string, imports: ReadonlySet<string>): Manifest {
  const { version, license } = readManifest(join(root, spec.project));
  const exports = Object.keys(spec.exports).map((subpath) => {
    return [subpath, { types: moduleFile(subpath).replace(/js$/, 'd.ts'), default: moduleFile(subpath) }];
  });
  const { peers = {}, effects = [] } = spec;
  const versions = [...imports]
    .filter((name) => !Object.hasOwn(peers, name))
    .toSorted()
    .map((name) => [name, `^${readManifest(join(root, 'node_modules', name)).version}`]);
  return {
    name: `${SCOPE}/${spec.name}`,
    version,
    description: spec.description,
    license,
    type: 'module',
    engines: { node: '>=22.18' },
    ...(spec.program ? { bin: spec.program.bin } : { sideEffects: effects.length > 0 && effects.map(moduleFile) }),
    exports: {
      ...(Object.fromEntries(exports) as object),
      './package.json': './package.json',
      ...(spec.program && { './schemas/*': './apps/baton/schemas/*' }),
    },
    ...(spec.peers && {
      peerDependencies: peers,
      peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((name) => [name, { optional: true }])),
    }),
    dependencies: Object.fromEntries(versions) as Record<string, string>,
  };
}

const moduleFile = (subpath: string): string => `./dist/${moduleName(subpath)}.js`;

/** Where the types of a package that is imported in declarations come from. */
function typesOf(root: string, name: string): string {
  const folder = join(root, 'node_modules', name);
  return existsSync(folder) && name !== 'node' ? name : `@types/${name.replace(/^@(.*)\//, '$1__')}`;
}

function carry({ program, project }: PackageSpec, root: string, stage: string): void {
  if (program === undefined) return;
  for (const file of Object.values(program.bin)) cpSync(join(root, project, file), join(stage, file));
  for (const path of program.carries) {
    if (!existsSync(join(root, path))) throw new Error(`${path} is missing: run "npm run build" first`);
    cpSync(join(root, path), join(stage, path), { recursive: true, filter: isCarried });
  }
  const sources = globSync('examples/*/src/**/*.ts', { cwd: stage });
  for (const file of sources) {
    writeFileSync(join(stage, file), withPublicNames(readFileSync(join(stage, file), 'utf8')));
  }
  for (const file of globSync('examples/*/package.json', { cwd: stage })) {
    const { description } = readManifest(dirname(join(stage, file)));
    writeFileSync(join(stage, file), `${JSON.stringify({ description, private: true, type: 'module' }, null, 2)}\n`);
  }
}

/** Outsiders have no use for our tests, and no workspace. */
const isCarried = (path: string): boolean =>
  path.includes('/templates/') ||
  !/\.test\.ts$|\.tftest\.hcl$|\/tests$|\/node_modules$|\/\.terraform|\/examples\/[^/]+\/(tsconfig|history)\.json$/.test(
    path,
  );

/** Text that imports what outsiders have. */
function withPublicNames(text: string): string {
  return Object.entries(PUBLIC_NAMES).reduce((result, [own, name]) => result.replaceAll(own, name), text);
}
