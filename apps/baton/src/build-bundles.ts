import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './terminal.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Builds what has changed of the functions and the host's program. Quiet unless it fails.
 * @throws {CliError} with what the build printed
 */
export function buildBundles(builder: string = join(root, 'node_modules/.bin/nx')): void {
  const build = spawnSync(builder, ['run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
  });
  if (build.status !== 0) {
    const output = build.error ? build.error.message : `${build.stdout}${build.stderr}`.trim();
    throw new CliError(`the build failed; "npm run build" shows it again:\n${output}`, 69);
  }
}
