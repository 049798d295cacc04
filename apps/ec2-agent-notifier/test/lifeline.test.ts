/** The job dies with its notifier (L7): real processes, which write time stamps into a pipe that ends when the last of them is gone. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linuxProcesses } from '../src/processes.ts';
import { APPLIED, granted } from './baton-server.ts';
import { startHost, type Started, type TestHost } from './host.ts';

const STAMPS = 'while :; do date +%s%3N >&3; sleep 0.02; done';
const WRITER = { shell: `exec 3> stamps; ${STAMPS}` };
/** Does not listen to TERM. */
const STUBBORN = { shell: `trap "" TERM; exec 3> stamps; ${STAMPS}` };
/** In a session of its own, where KILL to the notifier's process group does not reach. */
const AWAY = { shell: `exec 3> stamps; setsid sh -c '${STAMPS}'; wait` };
/** Without the variable that the job's processes are known by. */
const NAMELESS = { command: ['env', '-i', 'sh', '-c', `exec 3> stamps; ${STAMPS}`] };
/** For a machine that is busy with other tests. */
const SLACK_MS = 1_500;

let host: TestHost;
beforeEach(async () => {
  host = await startHost();
  await promisify(execFile)('mkfifo', [join(host.folder, 'stamps')]);
});
afterEach(() => host.close());

/** When the last process of the job wrote last, once all are gone. */
async function lastStamp(stamps: Promise<string>): Promise<number> {
  return Number((await stamps).trimEnd().split('\n').at(-1));
}

async function startWriting(start: () => Started) {
  const stamps = createReadStream(join(host.folder, 'stamps'));
  const { child, ended } = start();
  const all = text(stamps);
  await once(stamps, 'readable');
  await host.baton.nth('heartbeat', 2);
  return { child, ended, pid: child.pid!, last: lastStamp(all), supervisor: await supervisorOf(child.pid!) };
}

async function supervisorOf(notifier: number): Promise<{ pid: number; gone(): Promise<boolean> }> {
  const children = (await linuxProcesses.list()).filter(({ parentPid }) => parentPid === notifier);
  const lines = await Promise.all(children.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
  const supervisor = children[lines.findIndex((line) => line.includes('\0supervise\0'))]!;
  return {
    pid: supervisor.pid,
    gone: async () => (await linuxProcesses.startOf(supervisor.pid)) !== supervisor.start,
  };
}

describe('a notifier that is killed', () => {
  test.each([
    ['alone', WRITER, 1],
    ['alone, whose job does not listen to TERM', STUBBORN, 1],
    ['alone, whose job has dropped its environment', NAMELESS, 1],
    ['with its process group', WRITER, -1],
    ['with its process group, which the job has left', AWAY, -1],
  ])('%s: its job is over within the grace, long before the silence limit', async (_, job, sign) => {
    host.baton.script('claim', granted(job, { heartbeatSeconds: 60, stopGraceSeconds: 0.3 }));
    const { pid, last, supervisor } = await startWriting(host.startGroup);
    process.kill(sign * pid, 'SIGKILL');
    const killedAt = Date.now();
    expect((await last) - killedAt).toBeLessThan(300 + SLACK_MS);
    await expect.poll(supervisor.gone, { timeout: 4_000 }).toBe(true);
    expect(host.baton.seen.at(-1)).toMatchObject({ verb: 'failure', body: { error: 'Baton.WorkerLost' } });
    expect(await host.marker()).toMatchObject({ phase: 'closed', end: 'failure applied' });
  });

  test.each([
    ['alone', 1],
    ['with its process group', -1],
  ])('%s, after its job: the report that is on disk is sent at once, by nobody’s command', async (_, sign) => {
    host.baton.script('claim', granted({ shell: 'echo \'{"rows":9}\'' }));
    host.baton.script('success', 'hang', APPLIED);
    const { child } = host.startGroup();
    const first = await host.baton.nth('success');
    process.kill(sign * child.pid!, 'SIGKILL');
    expect((await host.baton.nth('success', 2)).body).toEqual(first.body);
    await expect.poll(() => host.marker()).toMatchObject({ phase: 'closed', end: 'success applied' });
    expect((await host.run()).code).toBe(75);
    expect(host.baton.seen.filter(({ verb }) => verb !== 'heartbeat').map(({ verb }) => verb)).toEqual([
      'claim',
      'success',
      'success',
    ]);
  });

  test('after its job: a report of its supervisor that is lost is sent again, in time for a short heartbeat', async () => {
    host.baton.script('claim', granted({ shell: 'true' }));
    host.baton.script('success', 'hang', 'hang', APPLIED);
    const { child } = host.startGroup();
    await host.baton.nth('success');
    child.kill('SIGKILL');
    await host.baton.nth('success', 3);
    await expect.poll(() => host.marker()).toMatchObject({ phase: 'closed', end: 'success applied' });
  });

  test('after its job: what the job has left running is left alone', async () => {
    host.baton.script('claim', granted({ shell: 'sleep 60 >/dev/null 2>&1 & echo "{\\"left\\":$!}"' }));
    host.baton.script('success', 'hang', APPLIED);
    const { child } = host.startGroup();
    const { left } = (await host.baton.nth('success')).body['output'] as { left: number };
    child.kill('SIGKILL');
    await host.baton.nth('success', 2);
    expect(await linuxProcesses.startOf(left)).toBeDefined();
    process.kill(left, 'SIGKILL');
  });

  test('at the same time as another on the host: each supervisor reports its own run', async () => {
    host.baton.script('claim', granted({ command: ['sleep', '60'] }));
    const other = ['run', '--callback-id', '1'.repeat(26), '--endpoint', host.baton.url];
    const children = [host.startGroup().child, host.start(other, {}, true).child];
    for (const { pid } of children)
      await expect
        .poll(
          () =>
            supervisorOf(pid!).then(
              () => true,
              () => false,
            ),
          { timeout: 9_000 },
        )
        .toBe(true);
    for (const { pid } of children) process.kill(-pid!, 'SIGKILL');
    await host.baton.nth('failure', 2);
    const failures = host.baton.seen.filter(({ verb }) => verb === 'failure').map(({ callbackId }) => callbackId);
    expect(new Set(failures).size).toBe(2);
  });
});

describe('a notifier that is frozen', () => {
  test.each([
    ['alone', WRITER, 1],
    ['alone, whose job does not listen to TERM', STUBBORN, 1],
    ['with its process group', STUBBORN, -1],
  ])('%s: its job is over at the silence limit, and reported as stopped', async (_, job, sign) => {
    host.baton.script('claim', granted(job, { heartbeatSeconds: 1, stopGraceSeconds: 0.4 }));
    const { pid, last, ended } = await startWriting(host.startGroup);
    process.kill(sign * pid, 'SIGSTOP');
    const frozenAt = Date.now();
    expect((await last) - frozenAt).toBeLessThan(1_400 + SLACK_MS);
    process.kill(pid, 'SIGCONT');
    expect((await ended).code).toBe(1);
    expect(host.baton.seen.at(-1)!.body).toMatchObject({ error: 'Baton.Stopped' });
  });
});

test('the supervisor is not in the notifier’s process group, survives TERM, and ends with the job', async () => {
  host.baton.script('claim', granted({ shell: `exec 3> stamps; echo now >&3; mkfifo go; read -r go < go` }));
  const { supervisor, ended, child } = await startWriting(host.startGroup);
  await expect.poll(() => holdsOn(supervisor.pid), { timeout: 9_000 }).toBe(true);
  process.kill(supervisor.pid, 'SIGTERM');
  await host.baton.nth('heartbeat', 4);
  expect(await supervisor.gone()).toBe(false);
  expect(await groupOf(supervisor.pid)).toBe(supervisor.pid);
  expect(await groupOf(child.pid!)).toBe(child.pid);
  await promisify(execFile)('sh', ['-c', 'echo go > go'], { cwd: host.folder });
  expect((await ended).code).toBe(0);
  expect(await supervisor.gone()).toBe(true);
});

test('a supervisor that was killed is started again', async () => {
  host.baton.script('claim', granted(WRITER, { heartbeatSeconds: 60, stopGraceSeconds: 0.3 }));
  const { supervisor, child, pid, last } = await startWriting(host.startGroup);
  process.kill(supervisor.pid, 'SIGKILL');
  await expect
    .poll(
      () =>
        supervisorOf(pid).then(
          (next) => next.pid,
          () => supervisor.pid,
        ),
      { timeout: 4_000 },
    )
    .not.toBe(supervisor.pid);
  child.kill('SIGKILL');
  expect(await last).toBeGreaterThan(0);
});

async function groupOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pgid=', '-p', String(pid)]);
  return Number(stdout);
}

/** Node catches TERM by itself, and HUP only when told to. Source: proc(5), SigCgt of /proc/pid/status; bit 0 is signal 1, HUP. */
async function holdsOn(pid: number): Promise<boolean> {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}
