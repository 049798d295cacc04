import { expect, test } from 'vitest';
import type { Dispatched } from '../lifecycle/callback.ts';
import { dispatched, newCallback } from '../lifecycle/dispatch.ts';
import {
  fakeCommands,
  fakeReminders,
  fakeStepFunctions,
  INSTANCE_ID,
  memoryTable,
  RUN_ID,
  sampleContext,
  sampleToken,
  sampleWork,
  START,
} from '../testing/index.ts';
import { askAfter } from './ask-after.ts';
import { becomeLatestAttempt } from './become-latest-attempt.ts';
import { change } from './change.ts';
import { claim } from './claim.ts';

function world() {
  const table = memoryTable();
  const { tasks, executions, taken } = fakeStepFunctions();
  const { sender, observer, invocations } = fakeCommands();
  const hosts = { stateOf: () => Promise.resolve('running') };
  const log = (): void => undefined;
  const pause = () => Promise.resolve();
  const ports = { ...table, tasks, executions, observer, hosts, reminders: fakeReminders(), pause, log };

  /** A job that was sent to the host, and is there in SSM's words. */
  async function sent(name: string, status: string): Promise<Dispatched> {
    const context = sampleContext({ state: name });
    const row = newCallback({
      token: sampleToken(name),
      context,
      work: sampleWork({ instanceId: INSTANCE_ID }),
      at: START,
    });
    await table.store.insert(row);
    const answer = await sender.send({ callbackId: row.callbackId, instanceId: INSTANCE_ID, timeoutSeconds: 60 });
    const commandId = answer.answer === 'sent' ? answer.commandId : '';
    invocations.set(commandId, { status, statusDetails: status, stderr: '' });
    const leading = await becomeLatestAttempt({ ...table, clock: () => START }, row);
    await change(table.store, leading, (current) => dispatched(current, commandId));
    return (await table.store.read(row.callbackId)) as Dispatched;
  }

  return {
    taken,
    sent,
    claim: (row: Dispatched) => claim(ports, row, { runId: RUN_ID, commandId: row.receipt, bootId: 'boot' }, START),
    ask: (row: Dispatched) => askAfter(ports, row, START + 30_000),
  };
}

test.each(['Pending', 'Delayed'])('a job that is %s on a host where another one runs fails as busy', async (status) => {
  const here = world();
  await here.claim(await here.sent('first', 'InProgress'));
  const second = await here.sent('second', status);
  expect(await here.ask(second)).toBe(true);
  expect(here.taken).toMatchObject([
    { error: 'Baton.HostBusy', cause: expect.stringMatching(/where another job runs/) as string },
  ]);
});

test('a job that waits on a host where nothing runs is left to its heartbeat: its agent may come back', async () => {
  const here = world();
  await here.sent('first', 'Pending');
  expect(await here.ask(await here.sent('second', 'Pending'))).toBe(false);
  expect(here.taken).toEqual([]);
});

test('a job that was claimed is not waiting, whatever SSM says', async () => {
  const here = world();
  await here.claim(await here.sent('first', 'InProgress'));
  const second = await here.sent('second', 'Pending');
  await here.claim(second);
  expect(await here.ask(second)).toBe(true);
  expect(here.taken).toEqual([]);
});
