#!/usr/bin/env node
// Plain JavaScript for any Node: says what is missing before anything newer is parsed, then runs the command.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

function stop(message) {
  console.error(`baton: ${message}`);
  process.exit(69);
}

// From 22.18 on Node reads TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  stop(
    `Node ${process.versions.node} is too old: Baton needs Node 22.18 or newer. ` +
      'Run it with "npx baton" inside the project, which brings its own Node on Linux, or install Node 22.',
  );
}
// The repository has the sources, an installed package what is built of them.
const source = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const end = existsSync(source) ? runSource() : () => process.kill(process.pid, 'SIGTERM');
const npm = npmThatRunsThis();
if (npm !== undefined) setInterval(() => isAlive(npm) || end(), 1000).unref();
if (!existsSync(source)) {
  module.enableCompileCache?.();
  await import('../dist/main.js');
}

/** Returns the way to end it. */
function runSource() {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  if (!existsSync(join(root, 'node_modules', 'nx'))) stop(`no dependencies are installed: run "npm ci" in ${root}`);
  const [command, ...options] = process.argv.slice(2);
  if (['run', 'local'].includes(command) && !options.includes('--bare')) {
    process.stderr.write('baton: builds what has changed of the functions, then starts the local AWS\n');
  }
  const program = spawn(
    process.execPath,
    ['--conditions=@baton/source', '--disable-warning=ExperimentalWarning', source, ...process.argv.slice(2)],
    // Through the fourth stream the program hears of the end of this one.
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  // Ctrl-C reaches the whole process group: the program ends itself, this parent only waits for its status.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => program.kill('SIGTERM'));
  process.on('SIGHUP', () => program.kill('SIGHUP'));
  program.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
  return () => program.kill('SIGTERM');
}

/** npx runs this through a shell, which outlives it when npx is killed: the process id of npx, where there is one. */
function npmThatRunsThis() {
  if (process.env.npm_command === undefined) return undefined;
  try {
    let pid = process.ppid;
    for (let generation = 0; generation < 3; generation++) {
      const line = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
      const [parent, name] = line.trim().split(/\s+/);
      if (name.startsWith('npm')) return pid;
      pid = Number(parent);
    }
  } catch {
    // There is no ps here: the terminal's signals still reach the whole group.
  }
  return undefined;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
