/**
 * Makes what a release publishes. `build` makes the zips and the notifier, twice, and compares the bytes. `gather TAG` compares
 * what the builds on several processors have left in release/dist/machines, and adds checksums and the notes of CHANGELOG.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checksums, differences, type Files } from './checksums.ts';
import { notesOf, placeholderIn } from './notes.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const root = at('../..');
const built = at('../artifacts/dist');
const machines = at('dist/machines');
const published = at('dist/published');

function read(folder: string): Files {
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name))]));
}

function run(command: string, ...args: string[]): void {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed`);
  }
}

function buildOnce(): Files {
  rmSync(built, { recursive: true, force: true });
  const projects = ['dispatcher', 'completer', 'ec2-agent-notifier'].map((app) => `@baton/${app}`);
  run('nx', 'run-many', '-t', 'build', '-p', projects.join(','), '--skip-nx-cache', '--outputStyle=static');
  run(process.execPath, 'terraform/artifacts/package.ts', '--without-examples');
  run(process.execPath, 'terraform/artifacts/package-notifier.ts');
  return read(built);
}

function build(): void {
  const first = buildOnce();
  const second = buildOnce();
  const differing = differences(first, second);
  if (differing.length > 0) throw new Error(`two builds of the same source differ: ${differing.join(', ')}`);
  const own = join(machines, process.arch);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  Object.entries(second).forEach(([name, content]) => writeFileSync(join(own, name), content));
}

function gather(tag: string): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  if (tag !== `v${version}`) throw new Error(`the tag ${tag} is not v${version}, which package.json says`);
  const report = placeholderIn(readFileSync(join(root, 'SECURITY.md'), 'utf8'));
  if (report !== undefined) throw new Error(`SECURITY.md says ${report} where the address for reports belongs`);
  const notes = notesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  if (!existsSync(machines)) throw new Error('nothing is built yet: npm run release:build, on each kind of processor');
  const names = readdirSync(machines);
  const builds = names.map((name) => read(join(machines, name)));
  const differing = builds.flatMap((one) => builds.flatMap((other) => differences(one, other)));
  if (differing.length > 0)
    throw new Error(`${names.join(' and ')} built other bytes: ${[...new Set(differing)].join(', ')}`);
  const files: Files = Object.assign({}, ...builds) as Files;
  rmSync(published, { recursive: true, force: true });
  mkdirSync(published, { recursive: true });
  const all = { ...files, ...checksums(files), 'NOTES.md': Buffer.from(notes) };
  Object.entries(all).forEach(([name, content]) => writeFileSync(join(published, name), content));
}

try {
  const [verb, tag] = process.argv.slice(2);
  if (verb === 'build') build();
  else if (verb === 'gather' && tag !== undefined) gather(tag);
  else throw new Error('usage: build | gather TAG');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
