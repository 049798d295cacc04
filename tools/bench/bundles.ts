import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, zipSync } from 'fflate';
import { modulesAtStart } from '@baton/token-lib/testing';
import { round, spread } from './statistics.ts';

const runs = 15;
const apps = ['dispatcher', 'completer', 'ec2-agent-notifier'];
const folder = (app: string) => fileURLToPath(new URL(`../../apps/${app}/dist`, import.meta.url));
const bundle = (app: string) => join(folder(app), 'main.mjs');

/**
 * What is loaded at the start, in size, and process start until the handler is imported, against a bare `node` in the same run. Then
 * what each part adds that is loaded when it is first used.
 */
export function benchBundles(): Record<string, unknown>[] {
  const missing = apps.filter((app) => !existsSync(bundle(app)));
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}; run "npm run build"`);
  const programs: Record<string, string> = {
    node: '0',
    ...Object.fromEntries(
      ['dispatcher', 'completer'].map((app) => [app, `await import(${JSON.stringify(bundle(app))})`]),
    ),
  };
  const times: Record<string, number[]> = {};
  for (let run = 0; run < runs; run += 1) {
    for (const [name, program] of Object.entries(programs)) (times[name] ??= []).push(startTime(program));
  }
  const bare = spread(times['node'] ?? []).median;
  const starts = ['node', ...apps].map((name) => {
    const measured = times[name] && spread(times[name]);
    return {
      name,
      ...(name === 'node' ? { KB: 0, 'gzip KB': 0, 'zip KB': 0 } : sizesOf(name)),
      'start ms (median)': measured?.median,
      'min..max': measured && `${measured.min}..${measured.max}`,
      'times bare node': measured && round(measured.median / bare),
    };
  });
  return [...starts, ...apps.flatMap(partsOf)];
}

const kilobytes = (files: Iterable<string>, pack = (bytes: Uint8Array) => bytes): number =>
  round([...files].reduce((sum, file) => sum + pack(readFileSync(file)).length, 0) / 1024, 0);

const modulesOf = (app: string): string[] => readdirSync(folder(app)).filter((file) => file.endsWith('.mjs'));

function sizesOf(app: string): Record<string, number> {
  const start = modulesAtStart(bundle(app));
  const all = Object.fromEntries(modulesOf(app).map((file) => [file, readFileSync(join(folder(app), file))]));
  return {
    KB: kilobytes(start),
    'gzip KB': kilobytes(start, (bytes) => gzipSync(bytes)),
    'zip KB': round(zipSync(all, { level: 9 }).length / 1024, 0),
  };
}

/** Modules with a name are loaded by `import()`; the others, `chunk-...`, with them. */
function partsOf(app: string): Record<string, unknown>[] {
  const start = modulesAtStart(bundle(app));
  return modulesOf(app)
    .filter((file) => !file.startsWith('main.') && !file.startsWith('chunk-'))
    .map((file) => {
      const added = [...modulesAtStart(join(folder(app), file))].filter((module) => !start.has(module));
      return { name: `${app} + ${file.replace(/-\w{8}\.mjs$/, '')}`, KB: kilobytes(added) };
    });
}

function startTime(program: string): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the program failed: ${stderr}`);
  return performance.now() - began;
}
