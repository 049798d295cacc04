import { productFolder } from '@baton/local-platform';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './terminal.ts';

/**
 * Builds what has changed of the functions, the host's program and the console's page: in the repository, for an installed package carries them built. Quiet unless
 * it fails.
 * @param projects those alone
 * @throws {CliError} with what the build printed
 */
export function buildBundles(builder = join(productFolder, 'node_modules/.bin/nx'), projects?: string): void {
  if (!existsSync(join(productFolder, 'nx.json'))) return;
  const only = projects === undefined ? [] : [`--projects=${projects}`];
  const build = spawnSync(builder, ['run-many', '-t', 'build', '--outputStyle=static', ...only], {
    cwd: productFolder,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
  });
  if (build.status !== 0) {
    const output = build.error ? build.error.message : `${build.stdout}${build.stderr}`.trim();
    throw new CliError(`the build failed; "npm run build" shows it again:\n${output}`, 69);
  }
}
