/** Whom a job runs as, and what it cannot reach then: the built program as root, its job as `nobody`. */
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linuxProcesses } from '../src/processes.ts';
import { granted, STOP } from './baton-server.ts';
import { CALLBACK_ID, startHost, type TestHost } from './host.ts';

const isRoot = process.getuid?.() === 0;
const AS_NOBODY = { BATON_RUN_AS: 'nobody' };

let host: TestHost;
beforeEach(async () => {
  host = await startHost();
  await chmod(host.folder, 0o755);
});
afterEach(() => host.close());

async function outputOf(shell: string, environment: NodeJS.ProcessEnv = AS_NOBODY): Promise<unknown> {
  host.baton.script('claim', granted({ shell }));
  const ended = await host.run(environment);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return (await host.baton.nth('success')).body['output'];
}

/** The id in /proc/PID/status: real, effective, saved and for files. */
const uidsOf = (pid: string) => `$(grep ^Uid /proc/${pid}/status | tr -s "[:space:]" " ")`;

describe.skipIf(!isRoot)(`a job of another user${isRoot ? '' : ' (skipped: only root can run it so)'}`, () => {
  test('runs as that user for good, without the groups of root', async () => {
    const output = await outputOf(`echo "[\\"${uidsOf('$$')}\\", \\"$(id -G)\\", \\"$HOME\\", \\"$USER\\"]"`);
    expect(output).toEqual(['Uid: 65534 65534 65534 65534 ', '65534', '/nonexistent', 'nobody']);
  });

  test('reads nothing of the notifier, and cannot end it', async () => {
    const state = join(host.folder, 'state');
    const forbidden = [`ls ${state}`, `cat ${state}/${CALLBACK_ID}.json`, 'cat /proc/$PPID/environ', 'kill -9 $PPID'];
    const tries = forbidden.map((one, at) => `${one} >/dev/null 2>&1 && done="$done ${at}"`);
    expect(await outputOf(`done=; ${tries.join('; ')}; echo "[\\"did:$done\\"]"`)).toEqual(['did:']);
  });

  test('writes its output into a file of its own, and can put nothing else in its place', async () => {
    const swap = 'rm -f "$BATON_OUTPUT_FILE"; ln -sf /etc/shadow "$BATON_OUTPUT_FILE"; mkdir "$BATON_OUTPUT_FILE.d"';
    expect(await outputOf(`{ ${swap}; } 2>/dev/null; echo '"mine"' > "$BATON_OUTPUT_FILE"`)).toBe('mine');
    expect(await readdir(join(host.folder, 'state-output'))).toEqual([]);
  });

  test('is stopped with all that it started', async () => {
    host.baton.script(
      'claim',
      granted({ shell: 'setsid sleep 600 & trap "" TERM; while :; do sleep 1; done' }, { stopGraceSeconds: 0.2 }),
    );
    const { ended } = host.startRun(AS_NOBODY);
    await host.baton.nth('heartbeat');
    const { runId } = (await host.baton.nth('claim')).body;
    host.baton.script('heartbeat', STOP);
    expect((await ended).code).toBe(1);
    expect((await linuxProcesses.list()).filter((one) => one.runId === runId && !one.zombie)).toEqual([]);
  });

  test('dies with its notifier', async () => {
    host.baton.script('claim', granted({ shell: 'while :; do sleep 1; done' }, { stopGraceSeconds: 0.2 }));
    const { child } = host.startRun(AS_NOBODY);
    const { runId } = (await host.baton.nth('claim')).body;
    await host.baton.nth('heartbeat');
    child.kill('SIGKILL');
    expect((await host.baton.nth('failure')).body).toMatchObject({ error: 'Baton.WorkerLost' });
    expect((await linuxProcesses.list()).filter((one) => one.runId === runId && !one.zombie)).toEqual([]);
  });

  test('that may not execute the command says who may not', async () => {
    await writeFile(join(host.folder, 'root-only.sh'), '#!/bin/sh\n', { mode: 0o700 });
    host.baton.script('claim', granted({ command: ['./root-only.sh'] }));
    await host.run(AS_NOBODY);
    expect((await host.baton.nth('failure')).body).toMatchObject({
      error: 'Baton.CommandNotExecutable',
      cause: expect.stringContaining('by the user nobody') as string,
    });
  });

  test('who is not there runs nothing', async () => {
    host.baton.script('claim', granted({ command: ['true'] }));
    await host.run({ BATON_RUN_AS: 'no-such-user' });
    expect((await host.baton.nth('failure')).body).toMatchObject({ error: 'Baton.UserNotFound' });
  });
});

test('a job of the notifier’s own user says that it is one', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  const { stderr } = await host.run();
  expect(stderr).toMatch(
    /^ec2-agent-notifier: the job runs as (root: this host has no user baton|this program's own user)/,
  );
});
