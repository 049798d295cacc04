/** What breaks on the way: Baton silent or refusing, credentials gone, clocks wrong, the notifier or the host dead. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { APPLIED, CONTINUE, FORBIDDEN, granted, STOP } from './baton-server.ts';
import { CALLBACK_ID, startHost, type TestHost } from './host.ts';

const SECONDS_60 = { command: ['sleep', '60'] };
/** Says `up` with its children's pids and outlives TERM. */
const STUBBORN = {
  shell:
    'trap "" TERM; sh -c \'trap "" TERM; while :; do sleep 1; done\' & echo "::progress {\\"child\\":$!}"; while :; do sleep 1; done',
};
const UNAVAILABLE = { status: 503, body: { message: 'Service Unavailable' } };

let host: TestHost;
beforeEach(async () => {
  host = await startHost();
});
afterEach(() => host.close());

const count = (verb: string) => host.baton.seen.filter((one) => one.verb === verb).length;

function lives(pid: number): Promise<boolean> {
  return readFile(`/proc/${pid}/stat`, 'utf8').then(
    (text) => !text.includes(') Z '),
    () => false,
  );
}

async function childOfJob(): Promise<number> {
  const beat = await host.baton.nth('heartbeat', 1, (body) => body['progress'] !== undefined);
  return (beat.body['progress'] as { child: number }).child;
}

test('stop ends a job that listens to TERM, and is reported once', async () => {
  host.baton.script('claim', granted({ shell: "trap 'echo cleaned up; exit 0' TERM; while :; do sleep 0.02; done" }));
  host.baton.script('heartbeat', CONTINUE, STOP);
  host.baton.script('failure', { body: { answer: 'late' } });
  const ended = await host.run();
  expect(ended).toMatchObject({ code: 1, stdout: 'cleaned up\n' });
  expect(host.baton.seen.at(-1)!.body).toMatchObject({
    error: 'Baton.Stopped',
    cause: 'The job was stopped: a newer attempt has taken over.',
  });
  expect(count('failure')).toBe(1);
});

test('stop kills the whole tree of a job that does not listen, after the grace', async () => {
  host.baton.script('claim', granted(STUBBORN, { stopGraceSeconds: 0.2 }));
  const { ended } = host.startRun();
  const child = await childOfJob();
  host.baton.script('heartbeat', STOP);
  expect((await ended).code).toBe(1);
  expect(await lives(child)).toBe(false);
});

test('a job is stopped when Baton stays out of reach', async () => {
  host.baton.script('claim', granted(SECONDS_60, { heartbeatSeconds: 0.4 }));
  host.baton.script('heartbeat', CONTINUE, 'drop', UNAVAILABLE, 'hang');
  expect((await host.run()).code).toBe(1);
  expect(host.baton.seen.at(-1)!.body).toMatchObject({
    error: 'Baton.Stopped',
    cause: expect.stringContaining('out of reach') as string,
  });
});

test('a job is stopped when the time of its task is over', async () => {
  host.baton.script('claim', granted(SECONDS_60, { timeLeftSeconds: 0.3 }));
  host.baton.script('heartbeat', { body: { answer: 'continue', timeLeftSeconds: 0.05 } });
  expect((await host.run()).code).toBe(1);
  expect(host.baton.seen.at(-1)!.body['cause']).toContain('time of the task is over');
});

test('heartbeats that fail for a while do not hurt the job', async () => {
  host.baton.script('claim', granted({ shell: 'mkfifo go; read -r go < go' }));
  host.baton.script('heartbeat', UNAVAILABLE, 'drop', { status: 429, body: {} }, FORBIDDEN, CONTINUE);
  const { ended } = host.startRun();
  await host.baton.nth('heartbeat', 6);
  await writeFile(join(host.folder, 'go'), 'go\n');
  expect((await ended).code).toBe(0);
});

test('a report that is lost on its way is sent again before the heartbeat is over: nothing else keeps the task alive', async () => {
  host.baton.script('claim', granted({ command: ['true'] }, { heartbeatSeconds: 3 }));
  host.baton.script('success', 'hang', APPLIED);
  const { ended, child } = host.startRun();
  const again = await Promise.race([host.baton.nth('success', 2), once(AbortSignal.timeout(3_000), 'abort')]);
  if (Array.isArray(again)) child.kill('SIGKILL');
  expect(again).toMatchObject({ verb: 'success' });
  expect((await ended).code).toBe(0);
});

test('a report is sent until it is answered, through errors, dropped connections and strange answers', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  host.baton.script('success', UNAVAILABLE, 'drop', { body: 'not Baton' }, FORBIDDEN, APPLIED);
  expect((await host.run()).code).toBe(0);
  expect(count('success')).toBe(5);
});

test('a claim whose answer was lost is asked for again with the same run', async () => {
  host.baton.script('claim', 'drop', UNAVAILABLE, granted({ command: ['true'] }));
  expect((await host.run()).code).toBe(0);
  const runs = host.baton.seen.filter(({ verb }) => verb === 'claim').map(({ body }) => body['runId']);
  expect(new Set(runs).size).toBe(1);
  expect(runs).toHaveLength(3);
});

test('a claim that has to wait is asked for again', async () => {
  const wait = { body: { answer: 'wait', retryAfterSeconds: 0.02 } };
  host.baton.script('claim', wait, wait, granted({ command: ['true'] }));
  expect((await host.run()).code).toBe(0);
});

test('a refused claim starts nothing, ends non-zero and leaves no marker', async () => {
  host.baton.script('claim', { body: { answer: 'refused', reason: 'another run holds the callback' } });
  const { code, stderr } = await host.run();
  expect(code).toBe(75);
  expect(stderr).toContain('another run holds the callback');
  await expect(host.marker()).rejects.toThrow('ENOENT');
});

test('an unknown callback and a foreign host are told apart from an outage', async () => {
  const { code, stderr } = await host.run();
  expect({ code, stderr }).toEqual({
    code: 77,
    stderr: expect.stringContaining('UnknownCallback: no such callback') as string,
  });
});

test('a role without permission is refused for good after a few tries', async () => {
  host.baton.script('claim', FORBIDDEN);
  expect((await host.run()).code).toBe(77);
  expect(count('claim')).toBe(5);
});

test('a host without a role says so', async () => {
  host.metadata.role = undefined;
  const { code, stderr } = await host.run();
  expect(code).toBe(77);
  expect(stderr).toContain('has the host a role?');
});

test('credentials that expire in mid-job are renewed after the refusal', async () => {
  host.baton.script('claim', granted({ shell: 'mkfifo go; read -r go < go' }));
  const { ended } = host.startRun();
  await host.baton.nth('heartbeat', 1);
  host.baton.revokeKeysUpTo(1);
  await host.baton.nth('heartbeat', 3);
  host.baton.revokeKeysUpTo(host.metadata.keysHandedOut());
  await writeFile(join(host.folder, 'go'), 'go\n');
  expect((await ended).code).toBe(0);
  expect(host.baton.forbidden).toBeGreaterThan(0);
  expect(host.metadata.keysHandedOut()).toBeGreaterThan(2);
});

test('credentials are renewed before they expire', async () => {
  host.metadata.lifetimeMs = 60_000;
  host.baton.script('claim', granted({ command: ['true'] }));
  expect((await host.run()).code).toBe(0);
  expect(host.metadata.keysHandedOut()).toBeGreaterThan(1);
  expect(host.baton.forbidden).toBe(0);
});

test('a host whose clock is an hour behind sets it by the answer', async () => {
  host.baton.clockAheadMs = 3_600_000;
  host.baton.script('claim', granted({ command: ['true'] }));
  expect((await host.run()).code).toBe(0);
  expect(host.baton.forbidden).toBe(1);
});

test('TERM to the notifier stops the job and is reported', async () => {
  host.baton.script('claim', granted(SECONDS_60));
  const { child, ended } = host.startRun();
  await host.baton.nth('heartbeat');
  child.kill('SIGTERM');
  expect((await ended).code).toBe(1);
  expect(host.baton.seen.at(-1)!.body).toMatchObject({
    error: 'Baton.Stopped',
    cause: expect.stringContaining('SIGTERM') as string,
  });
});

test('a second process on the host is refused while the first one runs, and after it', async () => {
  host.baton.script('claim', granted({ shell: 'mkfifo go; read -r go < go' }));
  const first = host.startRun();
  await host.baton.nth('heartbeat');
  const second = await host.run();
  expect(second).toMatchObject({ code: 75, stderr: expect.stringContaining('is at the callback') as string });
  await writeFile(join(host.folder, 'go'), 'go\n');
  expect((await first.ended).code).toBe(0);
  expect(await host.run()).toMatchObject({
    code: 75,
    stderr: expect.stringContaining('has run the callback already') as string,
  });
  expect(count('claim')).toBe(1);
});

test('when the notifier is killed, its job is ended and reported lost once, and never run again', async () => {
  host.baton.script('claim', granted({ shell: 'sleep 60 & echo "::progress {\\"child\\":$!}"; wait' }));
  const { child } = host.startRun();
  const orphan = await childOfJob();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lost = await host.baton.nth('failure');
  expect(lost.body).toMatchObject({ error: 'Baton.WorkerLost' });
  expect(await lives(orphan)).toBe(false);
  await expect.poll(() => host.marker()).toMatchObject({ phase: 'closed' });
  expect((await host.run()).code).toBe(75);
  expect(count('failure')).toBe(1);
  expect(count('claim')).toBe(1);
});

test('what a killed notifier left running is stopped before the next callback starts on the host', async () => {
  host.baton.script('claim', granted({ shell: 'sleep 60 & echo "::progress {\\"child\\":$!}"; wait' }));
  const { child } = host.startRun();
  const orphan = await childOfJob();
  child.kill('SIGKILL');
  await once(child, 'exit');
  host.baton.script('claim', granted({ command: ['true'] }));
  const next = host.start(['run', '--callback-id', '1'.repeat(26), '--endpoint', host.baton.url]);
  await host.baton.nth('claim', 2);
  expect(await lives(orphan)).toBe(false);
  expect((await next.ended).code).toBe(0);
});

test('after a reboot recover reports what was running', async () => {
  host.baton.script('claim', granted(SECONDS_60));
  const { child } = host.startRun();
  const { runId } = (await host.baton.nth('heartbeat')).body;
  await Promise.all([once(child, 'exit'), host.reboot()]);
  expect((await host.recover()).code).toBe(0);
  expect(host.baton.seen.at(-1)).toMatchObject({ verb: 'failure', body: { runId, error: 'Baton.HostRestarted' } });
  expect((await host.recover()).code).toBe(0);
  expect(count('failure')).toBe(1);
});

test('a report that could not be delivered in time is kept, and delivered by recover', async () => {
  host.baton.script('claim', granted({ shell: 'echo \'{"rows":9}\'' }, { timeLeftSeconds: 0.5 }));
  host.baton.script('heartbeat', { body: { answer: 'continue', timeLeftSeconds: 0.5 } });
  host.baton.script('success', UNAVAILABLE);
  expect((await host.run()).code).toBe(69);
  expect(await host.marker()).toMatchObject({ phase: 'reporting', report: { kind: 'success', output: { rows: 9 } } });
  host.baton.script('success', APPLIED);
  expect((await host.recover()).code).toBe(0);
  expect(host.baton.seen.at(-1)).toMatchObject({ verb: 'success', body: { output: { rows: 9 } } });
});

test('a report that Baton refuses is not sent again', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  host.baton.script('success', {
    status: 409,
    body: { error: 'NotTheHolder', message: 'another run holds the callback' },
  });
  expect((await host.run()).code).toBe(77);
  expect((await host.recover()).code).toBe(0);
  expect(count('success')).toBe(1);
});

test('a state directory that vanishes under a job costs the marker and not the result', async () => {
  host.baton.script('claim', granted({ shell: 'rm -r "$(dirname "$BATON_OUTPUT_FILE")"; echo "{}"' }));
  const { code, stderr } = await host.run();
  expect(code).toBe(73);
  expect(stderr).toContain('the report is not on disk and is sent all the same');
  expect(host.baton.seen.at(-1)).toMatchObject({ verb: 'success', body: { output: {} } });
});

test.each(['run', 'recover'] as const)('%s does not trust a state directory that others can write', async (verb) => {
  await mkdir(join(host.folder, 'state'));
  await chmod(join(host.folder, 'state'), 0o777);
  const { code, stderr } = await host[verb]();
  expect(code).toBe(73);
  expect(stderr).toMatch(/can be written by other users \(mode 777\): .* chmod go-w/);
  expect(host.baton.seen).toEqual([]);
});

test('a marker that others can write is not trusted', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  await host.run();
  await chmod(join(host.folder, 'state', `${CALLBACK_ID}.json`), 0o666);
  const { code, stderr } = await host.recover();
  expect(code).toBe(73);
  expect(stderr).toContain('.json can be written by other users (mode 666), and is not trusted');
});

test.each([
  ['that is older than its notifier', { bootId: 'first-boot', processStart: '9007199254740991' }],
  ['of another boot', { bootId: 'boot-before', processStart: '1' }],
])('a marker stops no process %s, though it carries the id of the run', async (_, facts) => {
  const runId = '33333333-3333-4333-8333-333333333333';
  const foreign = spawn('sleep', ['60'], { env: { ...process.env, BATON_RUN_ID: runId } });
  try {
    await once(foreign, 'spawn');
    await mkdir(join(host.folder, 'state'), { mode: 0o700 });
    const marker = { callbackId: CALLBACK_ID, runId, pid: 2 ** 22 + 1, phase: 'running', ...facts };
    await writeFile(join(host.folder, 'state', `${CALLBACK_ID}.json`), JSON.stringify(marker), { mode: 0o600 });
    expect((await host.recover()).code).toBe(0);
    expect(await lives(foreign.pid ?? 0)).toBe(true);
  } finally {
    foreign.kill('SIGKILL');
  }
});

test('a marker that cannot be read stops nothing but its own callback', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  await host.run();
  await writeFile(join(host.folder, 'state', '00000000000000000000000000.json'), '{');
  const { code, stderr } = await host.recover();
  expect(code).toBe(73);
  expect(stderr).toContain('00000000000000000000000000.json cannot be read');
});

test('bad command lines and environments are refused before anything is asked', async () => {
  const cases: [string[], NodeJS.ProcessEnv, number, string][] = [
    [[], {}, 64, 'say "run" or "recover"'],
    [['run', '--callback-id', 'x', '--endpoint', host.baton.url], {}, 64, '--callback-id is malformed'],
    [['run', '--callback-id', '0'.repeat(26), '--endpoint', 'ftp://x'], {}, 64, 'not an http or https URL'],
    [
      ['run', '--callback-id', '0'.repeat(26), '--endpoint', host.baton.url],
      { SSM_COMMAND_ID: '' },
      78,
      'SSM_COMMAND_ID is not set',
    ],
    [['recover', '--endpoint', host.baton.url], { BATON_BOOT_ID_FILE: '/nowhere' }, 78, 'no boot id in /nowhere'],
    [
      ['recover', '--endpoint', host.baton.url, '--state-directory', '/dev/null/state'],
      {},
      73,
      'state directory /dev/null/state',
    ],
    [['recover', '--endpoint', host.baton.url], { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'here' }, 78, 'not an http URL'],
  ];
  for (const [args, environment, code, message] of cases) {
    expect(await host.start(args, environment).ended).toMatchObject({
      code,
      stderr: expect.stringContaining(message) as string,
    });
  }
  expect(host.baton.seen).toEqual([]);
});
