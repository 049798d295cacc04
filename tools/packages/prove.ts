/**
 * Proves the packages as a stranger uses them: installed from their tarballs into an empty folder outside the workspace, compiled with
 * `tsc --strict`, bundled with esbuild, tested with vitest, and run. Prints the figures that it measured.
 */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { PACKAGES, SCOPE } from './packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;

const outside = realpathSync(mkdtempSync(join(tmpdir(), 'outside-')));
const inFolder = { cwd: outside, stdio: 'inherit', env: { ...process.env, INIT_CWD: outside } } as const;
const run = (...[program, ...parameters]: [string, ...string[]]): void =>
  void execFileSync(program, parameters, inFolder);
const step = (text: string): void => console.log(`--- ${text}`);

/** What publint and Are The Types Wrong say about a tarball. */
async function problemsOf(tarball: string, folder: string): Promise<string[]> {
  const { messages } = await publint({ pkgDir: folder, pack: false, strict: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const types = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  // The packages are ES modules alone: how CommonJS and Node 10 would find them is no question.
  const problems = types.types === false ? [] : types.problems;
  const wrong = problems.filter((problem) => problem.kind !== 'CJSResolvesToESM' && !isOfNode10(problem));
  return [
    ...messages.map((message) => formatMessage(message, manifest) ?? message.code),
    ...wrong.map((problem) => JSON.stringify(problem)),
  ];
}

const isOfNode10 = (problem: object): boolean => 'resolutionKind' in problem && problem.resolutionKind === 'node10';

function installOutside(tarballs: readonly string[]): void {
  writeFileSync(join(outside, 'package.json'), JSON.stringify({ name: 'outside', private: true, type: 'module' }));
  const tools = ['typescript', 'esbuild', 'vitest', '@types/node'].map((name) => `${name}@${versionOf(name)}`);
  run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs, ...tools);
  cpSync(join(root, 'tools/packages/outside'), outside, { recursive: true });
  for (const file of globSync('src/**/*.ts', { cwd: outside })) {
    const text = readFileSync(join(outside, file), 'utf8');
    writeFileSync(join(outside, file), text.replaceAll(/'@baton\//g, `'${SCOPE}/`));
  }
}

function useLibraries(): void {
  const sources = globSync('src/*.ts', { cwd: outside });
  step('compiles with tsc --strict');
  const settings = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--allowImportingTsExtensions'];
  run('node_modules/.bin/tsc', '--strict', '--noEmit', ...settings, ...sources);
  step('bundles with esbuild, tests with vitest, runs');
  const bundle = ['--bundle', '--platform=node', '--format=esm', '--outfile=main.mjs', '--log-level=warning'];
  run(
    'node_modules/.bin/esbuild',
    'src/main.ts',
    ...bundle,
    '--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  );
  run('node_modules/.bin/vitest', 'run');
  run(
    process.execPath,
    '--input-type=module',
    '-e',
    "const { handler } = await import('./main.mjs'); if (typeof handler !== 'function') process.exit(1)",
  );
}

const KINDS = ['queue', 'host', 'approval', 'lambda', 'webhook'];

/** Each kind of project, as `baton init` writes it: it passes its test and lint, and runs. */
function initProjects(): void {
  const program = join(outside, 'node_modules/.bin/baton');
  for (const kind of KINDS) {
    const inProject = {
      ...inFolder,
      cwd: join(outside, kind),
      env: { ...inFolder.env, INIT_CWD: join(outside, kind) },
    };
    run(program, 'init', kind, '--kind', kind);
    execFileSync('npm', ['test', '--silent'], inProject);
    execFileSync(program, ['lint', '.'], inProject);
    execFileSync(program, ['run', '.', '--json', '--decide', 'approve'], inProject);
  }
}

/** Starts the bare local AWS, and returns how long it takes to answer, and what it holds of memory a moment later. */
async function measureBare(): Promise<{ readonly milliseconds: number; readonly megabytes: number }> {
  const began = performance.now();
  const local = spawn('node_modules/.bin/baton', ['local', '--bare', '--port', '0'], {
    ...inFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: local.stdout }), 'line')) as [string];
    const address = /http:\S+/.exec(line)?.[0] ?? '';
    await fetch(address);
    const milliseconds = Math.round(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(local.pid)], { encoding: 'utf8' });
    return { milliseconds, megabytes: Math.round(Number(kilobytes) / 1_024) };
  } finally {
    local.kill();
    await once(local, 'exit');
  }
}

async function main(): Promise<void> {
  step('packs');
  const packed = join(outside, 'tarballs');
  execFileSync(process.execPath, [join(root, 'tools/packages/main.ts'), packed], { stdio: 'inherit' });
  const tarballs = globSync('*.tgz', { cwd: packed }).map((file) => join(packed, file));
  for (const { name } of PACKAGES) {
    const tarball = tarballs.find((file) => file.includes(`-${name}-`)) ?? '';
    const problems = await problemsOf(tarball, join(root, 'tools/packages/dist', name));
    if (problems.length > 0) throw new Error(`${SCOPE}/${name}:\n  ${problems.join('\n  ')}`);
  }
  step('installs into an empty folder');
  installOutside(tarballs);
  useLibraries();
  step('runs an example from the installed command line');
  run('node_modules/.bin/baton', 'run', 'ec2-job', '--command', 'echo {}');
  step('writes projects of each kind, tests, lints and runs them');
  initProjects();
  step('starts the bare local AWS');
  await measureBare(); // The first start fills Node's compile cache.
  const { milliseconds, megabytes } = await measureBare();
  console.log(`baton local --bare answers after ${milliseconds} ms and idles at ${megabytes} MB`);
}

try {
  await main();
} catch (error) {
  console.error(`prove: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(outside, { recursive: true, force: true });
}
