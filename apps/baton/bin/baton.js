#!/usr/bin/env node
// Plain JavaScript for any Node: says what is missing before anything newer is parsed, then runs the command from its sources.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function stop(message) {
  console.error(`baton: ${message}`);
  process.exit(69);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  stop(
    `Node ${process.versions.node} is too old: Baton needs Node 22 or newer. ` +
      'Run it with "npx baton" inside the project, which brings its own Node on Linux, or install Node 22.',
  );
}
if (!existsSync(join(root, 'node_modules', 'nx'))) stop(`no dependencies are installed: run "npm ci" in ${root}`);

const program = spawn(
  process.execPath,
  [
    '--conditions=@baton/source',
    '--disable-warning=ExperimentalWarning',
    join(root, 'apps/baton/src/main.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
// Ctrl-C reaches the whole process group: the program ends itself, this parent only waits for its status.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => program.kill('SIGTERM'));
program.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
