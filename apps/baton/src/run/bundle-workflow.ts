import { productFolder, type Workflow } from '@baton/local-platform';
import type { BuildOptions, BuildResult, OutputFile } from 'esbuild';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../terminal.ts';

const SOURCES = ['src/main.ts', 'src/main.mts', 'src/main.js', 'src/main.mjs'];

/** Where the packages of workers lie in the repository, which does not have them by their names. */
const WORKERS: Readonly<Record<string, string>> = {
  '@baton/worker/direct': 'libs/token-lib/src/worker/direct.ts',
  '@baton/worker': 'libs/token-lib/src/worker/index.ts',
};

const isRepository = existsSync(join(productFolder, 'nx.json'));

const settings = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  write: false,
  metafile: true,
  sourcemap: 'inline',
  logLevel: 'silent',
  conditions: ['@baton/source', 'module'],
  outdir: '/',
  // Packages in CommonJS ask for others while they run.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  alias: isRepository
    ? Object.fromEntries(Object.entries(WORKERS).map(([name, file]) => [name, join(productFolder, file)]))
    : {},
} satisfies BuildOptions;

/**
 * Bundles what a folder runs: its functions, and the programs that play others. Examples of this product are built already.
 *
 * @returns the workflow with its bundles in a folder of their own, which lives as long as this process
 * @throws {CliError} where a handler has no file or is not exported, or the sources do not compile
 */
export async function bundleWorkflow(workflow: Workflow): Promise<Workflow> {
  const { folder, needs } = workflow;
  if (existsSync(join(workflow.built, 'main.mjs')) && folder.startsWith(join(productFolder, 'examples'))) {
    return withServers(workflow);
  }
  const handlers = Object.entries({ ...needs.functions, ...needs.workers }).map(
    ([name, { handler }]) => [name, handler] as const,
  );
  if (handlers.length === 0) return withServers(workflow);
  const source = SOURCES.find((file) => existsSync(join(folder, file)));
  if (source === undefined) {
    const [name, handler] = handlers[0] ?? [];
    throw new CliError(
      `${folder}/local.json: ${name}: its handler is ${handler}, and there is no src/main.ts that exports it`,
      66,
    );
  }
  const [code, exported] = await bundleOne(join(folder, source));
  for (const [name, handler] of handlers) {
    const wanted = handler.replace(/^main\./, '');
    if (exported.includes(wanted)) continue;
    throw new CliError(
      `${folder}/local.json: ${name}: its handler is ${handler}, which ${source} does not export; it exports ${exported.join(', ') || 'nothing'}`,
      65,
    );
  }
  const built = scratchFolder();
  writeFileSync(join(built, 'main.mjs'), code.contents);
  return withServers({ ...workflow, built });
}

/** Node does not read TypeScript in packages that are installed. */
async function withServers(workflow: Workflow): Promise<Workflow> {
  const { needs, folder } = workflow;
  const servers: Record<string, { file: string }> = {};
  for (const [name, { file }] of Object.entries(needs.servers)) {
    if (!existsSync(join(folder, file)))
      throw new CliError(`${folder}/local.json: servers.${name}: there is no file ${file}`, 66);
    const bundled = join(scratchFolder(), 'server.mjs');
    writeFileSync(bundled, (await bundleOne(join(folder, file)))[0].contents);
    servers[name] = { file: bundled };
  }
  return { ...workflow, needs: { ...needs, servers } };
}

/** Returns the code, and the names that it exports. */
async function bundleOne(file: string): Promise<[OutputFile, string[]]> {
  const { build } = await import('esbuild');
  let result: BuildResult<typeof settings>;
  try {
    result = await build({ ...settings, entryPoints: [file] });
  } catch (error) {
    throw new CliError(`${file} is not bundled:\n${(error as Error).message}`, 65);
  }
  const [code] = result.outputFiles;
  const exported = Object.values(result.metafile.outputs).flatMap((output) => output.exports);
  return [code as OutputFile, exported];
}

let scratch: string | undefined;
let count = 0;

/** A new folder, which goes with this process. */
function scratchFolder(): string {
  if (scratch === undefined) {
    const parent = mkdtempSync(join(tmpdir(), 'baton-bundles-'));
    process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
    scratch = parent;
  }
  const folder = join(scratch, String((count += 1)));
  mkdirSync(folder);
  return folder;
}
