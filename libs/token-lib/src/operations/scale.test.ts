/**
 * An environment at its limit: 100,000 callbacks are open and send heartbeats, and some outcomes are interrupted between being
 * stored and being told, by a crash (L1). Of half of them the reminder under way has been lost as well, which leaves nobody awake
 * but the reconciler.
 */
import { expect, it } from 'vitest';
import type { CallbackId } from '../wire/callback-id.ts';
import { dispatched } from '../lifecycle/dispatch.ts';
import { lookDelay, TELL_LEASE } from '../lifecycle/policy.ts';
import { grantClaim, heartbeat } from '../lifecycle/run.ts';
import { report } from '../lifecycle/settle.ts';
import { heartbeatIntervalSeconds } from '../wire/limits.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import { success } from '../wire/outcome.ts';
import { revealTaskToken } from '../wire/task-token.ts';
import {
  fakeCommands,
  fakeHosts,
  fakeReminders,
  fakeStepFunctions,
  memoryTable,
  nextOf,
  RUN_ID,
  sampleRow,
  START,
} from '../testing/index.ts';
import { attendReminder } from './attend-reminder.ts';
import { change } from './change.ts';
import { reconcile } from './reconcile.ts';

const OPEN = 100_000;
const INTERRUPTED = 200;
const HEARTBEAT_SECONDS = 60;
const INTERVAL = heartbeatIntervalSeconds(HEARTBEAT_SECONDS);
/** A call of DynamoDB takes ten milliseconds, and twenty are under way at once. */
const CALL: Millis = 10 / 20;
const EVERY_MINUTE = 60;
const LAST_SECOND = 3 * EVERY_MINUTE;

it('tells interrupted outcomes within a minute while 100,000 callbacks beat', { timeout: 120_000 }, async () => {
  const clock = { now: START };
  const table = memoryTable();
  const stepFunctions = fakeStepFunctions();
  const toldAt = new Map<string, Millis>();
  const tasks: typeof stepFunctions.tasks = {
    ...stepFunctions.tasks,
    async completeTask(token, outcome) {
      toldAt.set(revealTaskToken(token), clock.now);
      return stepFunctions.tasks.completeTask(token, outcome);
    },
  };
  const store: typeof table.store = {
    ...table.store,
    async read(callbackId) {
      clock.now += CALL;
      return table.store.read(callbackId);
    },
    async replace(next) {
      clock.now += CALL;
      return table.store.replace(next);
    },
  };
  const { observer, sender } = fakeCommands();
  const ports = {
    ...table,
    hosts: fakeHosts().hosts,
    store,
    tasks,
    executions: stepFunctions.executions,
    observer,
    sender,
    reminders: fakeReminders(),
    pause: async (duration: Millis) => void (clock.now += duration),
    log: () => undefined,
  };

  const ids = [];
  for (let index = 0; index < OPEN; index++) {
    const row = sampleRow(`${index}`, { mapIndex: index });
    await table.store.insert(row);
    const sent = await change(table.store, row, (current) => dispatched(current, 'command'));
    const claimed = { runId: RUN_ID, bootId: 'boot', commandId: 'command' };
    await change(table.store, sent.row, (current) => grantClaim(current, claimed, START));
    ids.push(row.callbackId);
  }

  const storedAt = new Map<string, { readonly at: Millis; readonly callbackId: CallbackId }>();
  const remindable = new Set<CallbackId>();
  const delay = lookDelay(HEARTBEAT_SECONDS) / 1000;
  const reminders = new Map<number, CallbackId[]>();
  const remindAt = (second: number, callbackId: CallbackId): void =>
    void reminders.set(second, [...(reminders.get(second) ?? []), callbackId]);
  ports.reminders.remind = async (callbackId, after) => {
    remindAt(Math.ceil((clock.now - START + after) / 1000) + 1, callbackId);
    return { answer: 'started', receipt: '' };
  };
  let moves = 0;
  let beats = 0;
  let mostDue = 0;
  for (let second = 1; second <= LAST_SECOND; second++) {
    const now = START + seconds(second);
    clock.now = Math.max(clock.now, now);
    for (let index = second % INTERVAL; index < OPEN; index += INTERVAL) {
      const row = table.rows.get(ids[index]!)!;
      if (row.state !== 'Dispatched') continue;
      const beating = nextOf(heartbeat(row, { runId: RUN_ID }, now));
      beats += 1;
      moves += Number('dueAt' in beating && beating.dueAt !== row.dueAt);
      await table.store.replace(beating);
    }
    if (second > EVERY_MINUTE && second <= 2 * EVERY_MINUTE) {
      for (let each = 0; each < INTERRUPTED / EVERY_MINUTE; each++) {
        const row = table.rows.get(ids[(second * 7_919 + each * 104_729) % OPEN]!)!;
        if (row.state !== 'Dispatched') continue;
        const from = { by: 'worker', runId: RUN_ID } as const;
        await table.store.replace(nextOf(report(row, { from, outcome: success(second), at: now })));
        storedAt.set(revealTaskToken(row.token), { at: now, callbackId: row.callbackId });
        if (each % 2 === 1) continue;
        remindable.add(row.callbackId);
        // Its reminder is that of one of the beats before.
        remindAt(second + 1 + ((each * 7 + second * 13) % delay), row.callbackId);
      }
    }
    for (const callbackId of reminders.get(second) ?? []) await attendReminder(ports, table.rows.get(callbackId)!, now);
    if (second % EVERY_MINUTE === 0) mostDue = Math.max(mostDue, (await reconcile(ports, now)).due);
  }

  const longestOf = (isReminded: boolean): Millis =>
    Math.max(
      ...[...storedAt]
        .filter(([, { callbackId }]) => remindable.has(callbackId) === isReminded)
        .map(([token, { at }]) => (toldAt.get(token) ?? Infinity) - at),
    );
  const [reminded, reconciled] = [longestOf(true), longestOf(false)];
  console.log(JSON.stringify({ interrupted: storedAt.size, reminded, reconciled, mostDue, moves: moves / beats }));
  expect(storedAt.size).toBeGreaterThanOrEqual(INTERRUPTED);
  expect(moves / beats).toBeLessThanOrEqual(0.2);
  expect(reminded).toBeLessThanOrEqual(seconds(EVERY_MINUTE));
  expect(reconciled).toBeLessThanOrEqual(seconds(EVERY_MINUTE) + TELL_LEASE);
});
