import { expect, it } from 'vitest';
import type { Callback } from '../lifecycle/callback.ts';
import { supersede } from '../lifecycle/dispatch.ts';
import { cancelled } from '../lifecycle/observe.ts';
import { DISPATCH_LEASE, TELL_LEASE } from '../lifecycle/policy.ts';
import { report, told } from '../lifecycle/settle.ts';
import { seconds } from '../wire/millis.ts';
import { success } from '../wire/outcome.ts';
import { INSTANCE_ID, nextOf, RUN_ID, sampleQueueWork, sampleRow, START } from './samples.ts';
import type { TableUnderTest } from './table-contract.ts';

type Claimed = (label: string) => Promise<Callback>;

/**
 * The part of the table's contract that is about its indexes.
 *
 * @param claimed stores a row that a host runs
 */
export function openCallbacksContract(table: () => TableUnderTest, claimed: Claimed): void {
  dueContract(table, claimed);

  it('tells since when the oldest open row is, of all that are open alone', async () => {
    const [young, old] = [sampleRow('younger', {}, -300_000), sampleRow('older', {}, -300_001)];
    await table().store.insert(old);
    await table().store.insert(young);
    expect(await table().open.oldest()).toBe(old.createdAt);
    await table().store.replace(nextOf(supersede(old, START)));
    expect(await table().open.oldest()).toBe(young.createdAt);
    await table().store.replace(nextOf(supersede(young, START)));
    expect(await table().open.oldest()).not.toBe(young.createdAt);
  });

  it('finds open rows by execution and host, and closed ones no more', async () => {
    const running = await claimed('indexes');
    const { executionArn } = running.context;
    expect(await table().open.ofExecution(executionArn)).toEqual([running.callbackId]);
    expect(await table().open.ofInstance(INSTANCE_ID)).toContain(running.callbackId);
    const gone = nextOf(supersede(running, START));
    await table().store.replace(gone);
    expect(await table().open.ofExecution(executionArn)).toEqual([]);
    const released = nextOf(report(gone, { from: { by: 'worker', runId: RUN_ID }, outcome: success(1), at: START }));
    await table().store.replace(released);
    expect(await table().open.ofInstance(INSTANCE_ID)).not.toContain(running.callbackId);
  });

  it('finds closed rows by host while their run may go on (L7)', async () => {
    const running = await claimed('closed, and runs');
    const gone = nextOf(supersede(running, START));
    await table().store.replace(gone);
    expect(await table().open.ofInstance(INSTANCE_ID)).toContain(running.callbackId);
    const ended = { from: { by: 'observer' }, outcome: success(1), at: START, runIsOver: true } as const;
    await table().store.replace(nextOf(report(gone, ended)));
    expect(await table().open.ofInstance(INSTANCE_ID)).not.toContain(running.callbackId);
  });

  it('lists a closed row as due while something of it is to be cancelled, then no more', async () => {
    const running = await claimed('cancel');
    const gone = nextOf(supersede(running, START));
    await table().store.replace(gone);
    const far = START + seconds(86_400);
    expect(await table().open.due(far, 1000)).toContain(running.callbackId);
    await table().store.replace(nextOf(cancelled(gone)));
    expect(await table().open.due(far, 1000)).not.toContain(running.callbackId);
  });
}

function dueContract(table: () => TableUnderTest, claimed: Claimed): void {
  it('lists what is due, the longest overdue first, and nothing before its time (L6)', async () => {
    // More rows than shards, put in out of order.
    const order = Array.from({ length: 24 }, (_, index) => (index * 7) % 24);
    const rows = order.map((after) => sampleRow(`due ${after}`, {}, -100_000 + after));
    for (const row of rows) await table().store.insert(row);
    const ids = rows.toSorted((a, b) => a.dueAt - b.dueAt).map((row) => row.callbackId);
    const last = START + seconds(-100_000 + 23) + DISPATCH_LEASE;
    expect(await table().open.due(last, 100)).toEqual(ids);
    expect(await table().open.due(last, 5)).toEqual(ids.slice(0, 5));
    expect(await table().open.due(last - seconds(23) - 1, 100)).toEqual([]);
  });

  it('lists what has an outcome to be told before what is longer overdue (L1)', async () => {
    const overdue = sampleRow('long overdue', {}, -200_000);
    await table().store.insert(overdue);
    const running = await claimed('told first');
    const settling = nextOf(report(running, { from: { by: 'worker', runId: RUN_ID }, outcome: success(1), at: START }));
    await table().store.replace(settling);
    const toldAt = START + TELL_LEASE;
    const ids = await table().open.due(toldAt, 1000);
    expect(ids.indexOf(settling.callbackId)).toBeGreaterThanOrEqual(0);
    expect(ids.indexOf(settling.callbackId)).toBeLessThan(ids.indexOf(overdue.callbackId));
    expect(await table().open.due(toldAt - 1, 1000)).not.toContain(settling.callbackId);
    await table().store.replace(nextOf(told(settling, { answer: 'accepted' }, START)));
    expect(await table().open.due(toldAt, 1000)).not.toContain(settling.callbackId);
    await table().store.replace(nextOf(supersede(overdue, START)));
  });

  it('lists an outcome of release 0.1.0 too, whose rows are written as they were', async () => {
    const old = { ...sampleRow('told by an older release', {}, 0, sampleQueueWork()), schema: 1 } as const;
    await table().store.insert(old);
    const settling = nextOf(report(old, { from: { by: 'worker' }, outcome: success(1), at: START }));
    await table().store.replace(settling);
    expect(await table().open.due(START + TELL_LEASE, 1000)).toContain(old.callbackId);
    await table().store.replace(nextOf(told(settling, { answer: 'accepted' }, START)));
  });
}
