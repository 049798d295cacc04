import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { round, spread } from './statistics.ts';

const runs = 15;
const apps = ['dispatcher', 'completer', 'ec2-agent-notifier'];
const bundle = (app: string) => fileURLToPath(new URL(`../../apps/${app}/dist/main.mjs`, import.meta.url));

/** Size, and process start until the handler is imported, against a bare `node` in the same run. */
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
  return ['node', ...apps].map((name) => {
    const file = name === 'node' ? undefined : readFileSync(bundle(name));
    const measured = times[name] && spread(times[name]);
    return {
      name,
      KB: file && round(file.length / 1024, 0),
      'gzip KB': file && round(gzipSync(file).length / 1024, 0),
      'start ms (median)': measured?.median,
      'min..max': measured && `${measured.min}..${measured.max}`,
      'times bare node': measured && round(measured.median / bare),
    };
  });
}

function startTime(program: string): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the program failed: ${stderr}`);
  return performance.now() - began;
}
