import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds what has changed of the functions and the host's program. Quiet unless it fails. */
export function buildBundles(): void {
  const build = spawnSync(join(root, 'node_modules/.bin/nx'), ['run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
  });
  if (build.status !== 0) {
    const output = `${build.stdout}${build.stderr}`.trim() || String(build.error);
    throw new CliError(`the build failed; "npm run build" shows it again:\n${output}`, 69);
  }
}
