import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { exampleFolders } from './example-folders.ts';

const bin = fileURLToPath(new URL('../bin/baton.js', import.meta.url));

/** A baton of its own process group, as a terminal starts it, whose temporary files are its own too. */
function start(...argv: string[]) {
  const temporary = mkdtempSync(join(tmpdir(), 'baton-'));
  const child = spawn(process.execPath, [bin, ...argv], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, FORCE_COLOR: undefined },
  });
  const errors = text(child);
  const closed = once(child, 'close').then(([status]) => ({ status: status as number | null, errors: errors() }));
  let printed = '';
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        printed += `${line}\n`;
        if (line.includes(text)) resolve();
      });
      void closed.then(() => reject(new Error(`it ended without a word of "${text}": ${errors()}`)));
    });
  return { child, temporary, said, closed, printed: () => printed };
}

function text({ stderr }: ChildProcess): () => string {
  let all = '';
  stderr?.setEncoding('utf8').on('data', (part: string) => (all += part));
  return () => all;
}

/** The tools that build keep a cache there, for ever. */
const leftIn = (temporary: string): string[] => readdirSync(temporary).filter((name) => name !== 'node-compile-cache');

/** A job that says who it is, and would go on for ever. */
function endlessJob() {
  const folder = mkdtempSync(join(tmpdir(), 'endless-'));
  writeFileSync(
    join(folder, 'job.sh'),
    '#!/bin/sh\necho $$ > pid\ntrap "" TERM\nwhile :; do echo "::progress {}"; sleep 0.1; done\n',
    { mode: 0o755 },
  );
  return { folder, alive: () => existsSync(`/proc/${readFileSync(join(folder, 'pid'), 'utf8').trim()}/cwd`) };
}

async function runEndless() {
  const job = endlessJob();
  const baton = start('run', 'examples/ec2-job', '--folder', job.folder, '--command', './job.sh');
  await baton.said('heartbeat');
  expect(job.alive()).toBe(true);
  return { ...baton, ...job, pid: baton.child.pid as number };
}

/** What a start says before there is anything to show. */
const BEGINS = 'baton: builds what has changed of the functions, then starts the local AWS\n';

describe('an end in mid-run leaves no process and no file behind', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s to all, as from the terminal', async (signal) => {
    const { pid, closed, alive, temporary } = await runEndless();
    process.kill(-pid, signal);
    const { status, errors } = await closed;
    expect(status).toBeGreaterThan(0);
    expect(errors).not.toContain('Error:');
    expect(alive()).toBe(false);
    expect(leftIn(temporary)).toEqual([]);
  });

  test('KILL of the program that was started', async () => {
    const { pid, closed, alive, temporary } = await runEndless();
    process.kill(pid, 'SIGKILL');
    await closed;
    expect(alive()).toBe(false);
    expect(leftIn(temporary)).toEqual([]);
  });

  test('a pipe that nobody reads any more', async () => {
    const { child, closed, alive, temporary } = await runEndless();
    child.stdout.destroy();
    const { errors } = await closed;
    expect(errors).toBe(BEGINS);
    expect(alive()).toBe(false);
    expect(leftIn(temporary)).toEqual([]);
  });
});

test('baton local deploys every example, says how clients reach it, and ends with 0 on Ctrl-C', async () => {
  const { child, said, closed, printed, temporary } = start('local', '--port', '0');
  await said('Ctrl-C');
  for (const { name } of exampleFolders()) expect(printed()).toContain(`:stateMachine:${name}\n`);
  expect(printed()).toMatch(/export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+/);
  process.kill(-(child.pid as number), 'SIGINT');
  expect(await closed).toEqual({ status: 0, errors: BEGINS });
  expect(leftIn(temporary)).toEqual([]);
});

/** Resolves when the server at the other end is gone. */
async function connectionTo(url: string | undefined): Promise<{ readonly closed: Promise<unknown> }> {
  const { hostname, port } = new URL(url ?? '');
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  return { closed: once(socket, 'close') };
}

test('KILL of npx ends baton local too', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const npx = spawn('npx', ['baton', 'local', '--bare', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  for await (const part of npx.stdout.setEncoding('utf8')) {
    printed += String(part);
    if (printed.includes('Ctrl-C')) break;
  }
  const aws = await connectionTo(/http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0]);
  npx.kill('SIGKILL');
  await aws.closed;
});
