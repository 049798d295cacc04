import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const DEFINITIONS = 2_000;
/** How many the tree of the linter's tests holds: the same machine in every form. */
const IN_A_TREE = 20;

/** The command, from its start to its end, over a folder of definitions in every form that it reads. */
export async function benchLint(): Promise<Record<string, { definitions: number; seconds: number }>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lint-'));
  for (let tree = 0; tree < DEFINITIONS / IN_A_TREE; tree += 1) {
    cpSync(join(root, 'apps/baton/test/forms'), join(folder, `tree-${tree}`), { recursive: true });
  }
  const started = performance.now();
  const { stdout } = spawnSync(process.execPath, [join(root, 'apps/baton/bin/baton.js'), 'lint', '--json', folder], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const seconds = Math.round(performance.now() - started) / 1000;
  rmSync(folder, { recursive: true });
  const { definitions } = JSON.parse(stdout) as { definitions: number };
  return { 'baton lint': { definitions, seconds } };
}
