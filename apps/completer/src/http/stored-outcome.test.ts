/** What is stored is told, whoever fails on the way (L1). */
import { type CallbackId, seconds } from '@baton/token-lib';
import { throttled } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { running, type World } from '../../test/world.ts';

describe('a report', () => {
  it('whose answer Step Functions lost is told again, and found applied by the history (L1)', async () => {
    const { success, callbackId, stepFunctions, row, pauses } = await running();
    stepFunctions.faults.push('answer lost');
    expect(await success(callbackId, 1)).toMatchObject({ status: 200, body: { answer: 'applied' } });
    expect(pauses).toEqual([200]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it('that is throttled is told again at once, each attempt counted before it is made (L1)', async () => {
    const { success, callbackId, stepFunctions, pauses, table } = await running();
    const before = table.rows.get(callbackId)!.version;
    stepFunctions.faults.push(throttled, throttled);
    expect(await success(callbackId, 1)).toMatchObject({ body: { answer: 'applied' } });
    expect(pauses).toEqual([200, 800]);
    expect(table.rows.get(callbackId)).toMatchObject({ state: 'Settled', version: before + 4 });
  });

  it('that is throttled until its task is over comes late, and no history is asked', async () => {
    const { success, callbackId, stepFunctions, token, row, logged } = await running();
    stepFunctions.faults.push(throttled);
    stepFunctions.close(token);
    expect(await success(callbackId, 1)).toMatchObject({ body: { answer: 'late' } });
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
    expect(JSON.stringify(logged)).not.toContain('unconfirmed');
  });

  it('that Step Functions does not take is kept alive, and told by a reminder (L1)', async () => {
    const { success, callbackId, stepFunctions, clock, row, reminders, queue } = await running();
    const heartbeats = stepFunctions.heartbeats;
    stepFunctions.faults.push(...Array<typeof throttled>(4).fill(throttled));
    expect(await success(callbackId, 1)).toMatchObject({ status: 202, body: { answer: 'stored' } });
    expect(stepFunctions.heartbeats).toBe(heartbeats + 1);
    // The second is for the case that the function which takes the first one dies; both come before the heartbeat is over.
    expect(reminders.asked).toEqual([
      { callbackId, delay: seconds(40) },
      { callbackId, delay: seconds(20) },
    ]);
    clock.now += seconds(20);
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled', outcome: { output: '1' } });
    expect(reminders.asked).toHaveLength(2);
  });

  it('is told by its reminder though the table fails meanwhile: the message would come again too late (L1)', async () => {
    const { success, callbackId, stepFunctions, clock, row, queue, crashAt } = await running();
    stepFunctions.faults.push(...Array<typeof throttled>(4).fill(throttled));
    await success(callbackId, 1);
    clock.now += seconds(20);
    crashAt('replace Settling', 'before');
    expect(await queue([{ body: { type: 'tell', callbackId } }])).toEqual({ batchItemFailures: [] });
    expect(row(callbackId)).toMatchObject({ state: 'Settled', outcome: { output: '1' } });
  });

  it('survives five minutes in which Step Functions takes heartbeats only, and needs no clock for it (L1)', async () => {
    const { success, callbackId, stepFunctions, clock, row, reminders, queue } = await running();
    const outage = clock.now + seconds(300);
    let beaten = clock.now;
    stepFunctions.refuses = ({ call }) => (call === 'completeTask' && clock.now < outage ? throttled : undefined);
    await success(callbackId, 1);
    while (row(callbackId)?.state === 'Settling') {
      const { delay } = reminders.asked.at(-1)!;
      clock.now += delay;
      const heartbeats = stepFunctions.heartbeats;
      await queue([{ body: { type: 'tell', callbackId } }]);
      if (stepFunctions.heartbeats === heartbeats) break;
      expect(clock.now - beaten).toBeLessThan(seconds(60));
      beaten = clock.now;
    }
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
    expect(clock.now - outage).toBeLessThanOrEqual(seconds(20));
  });

  it('is watched while somebody else tells it, who may fail without a word', async () => {
    const { success, callbackId, stepFunctions, clock, crashAt, reminders, queue, row } = await running();
    const heartbeats = stepFunctions.heartbeats;
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(stepFunctions.heartbeats).toBe(heartbeats + 1);
    expect(reminders.asked).toEqual([{ callbackId, delay: expect.any(Number) as number }]);
    clock.now += seconds(10);
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('that comes again while somebody else tells it is brought back by a reminder of its own: both may fail without a word', async () => {
    const { success, callbackId, clock, crashAt, reminders, queue, row } = await running();
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'stored' });
    expect(reminders.asked).toEqual([{ callbackId, delay: expect.any(Number) as number }]);
    clock.now += seconds(10);
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it.each([
    ['a heartbeat', (here: World, id: CallbackId) => here.heartbeat(id)],
    ['the end of a stopped job', (here: World, id: CallbackId) => here.failure(id, 'Baton.Stopped')],
    ['the end of its host', (here: World) => here.hostEnded()],
  ])('of which nobody is heard any more is brought back by %s (L1)', async (_, happens) => {
    const here = await running();
    const { success, callbackId, clock, crashAt, reminders, queue, row } = here;
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    clock.now += seconds(20);
    await happens(here, callbackId);
    for (const { delay } of reminders.asked) {
      clock.now += delay;
      await queue([{ body: { type: 'tell', callbackId } }]);
    }
    expect(row(callbackId)).toMatchObject({ state: 'Settled', outcome: { output: '1' } });
  });

  it('that comes again while it is stored keeps the task alive, and so does a heartbeat, which says stop', async () => {
    const { success, heartbeat, callbackId, stepFunctions } = await running();
    const heartbeats = stepFunctions.heartbeats;
    stepFunctions.refuses = ({ call }) => (call === 'completeTask' ? throttled : undefined);
    await success(callbackId, 1);
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'stored' });
    expect((await heartbeat(callbackId)).body).toMatchObject({ answer: 'stop' });
    expect(stepFunctions.heartbeats).toBe(heartbeats + 3);
  });

  it('that timed out on its way is found late by the history', async () => {
    const { success, callbackId, token, stepFunctions, clock, tick, row } = await running();
    stepFunctions.faults.push('not delivered', 'not delivered', 'not delivered', 'not delivered');
    await success(callbackId, 1);
    stepFunctions.close(token);
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });

  it.each(['replace Settling', 'replace Settled'])(
    'that ended the completer after "%s" is completed by the worker’s next try (L1)',
    async (write) => {
      const { success, callbackId, stepFunctions, clock, crashAt, row } = await running();
      crashAt(write, write === 'replace Settled' ? 'before' : 'after');
      await expect(success(callbackId, 1)).rejects.toThrow('crashed');
      // A heartbeat for a task that has taken its outcome is answered `gone`, and the history says why.
      const answer = write === 'replace Settled' ? 'applied' : 'stored';
      expect((await success(callbackId, 1)).body).toMatchObject({ answer });
      clock.now += seconds(10);
      expect((await success(callbackId, 1)).body).toMatchObject({
        answer: answer === 'stored' ? 'applied' : 'duplicate',
      });
      expect(row(callbackId)).toMatchObject({ state: 'Settled' });
      expect(stepFunctions.taken).toHaveLength(1);
    },
  );

  it('is told while permissions are missing, until they are there', async () => {
    const { success, callbackId, stepFunctions, clock, tick, row, logged } = await running();
    const denied = { answer: 'denied', error: 'AccessDeniedException' } as const;
    stepFunctions.refuses = () => denied;
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'stored' });
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Settling', attempts: 2 });
    expect(JSON.stringify(logged)).toContain('"alarm"');
    stepFunctions.refuses = () => undefined;
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });
});
