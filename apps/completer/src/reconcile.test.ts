import { DISPATCH_LEASE, seconds } from '@baton/token-lib';
import { sampleRow } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { running, world } from '../test/world.ts';

describe('the reconciler', () => {
  it('finds the command of a dispatcher that ended after sending it (L5)', async () => {
    const here = world();
    here.crashAt('replace Dispatched', 'before');
    await expect(here.dispatch()).rejects.toThrow('crashed');
    here.clock.now += DISPATCH_LEASE;
    await here.tick();
    const [row] = here.table.rows.values();
    expect(row).toMatchObject({ state: 'Dispatched', receipt: 'command-1' });
  });

  it('fails the task of a dispatcher that ended before sending', async () => {
    const { table, tick, clock, stepFunctions } = world();
    await table.store.insert(sampleRow());
    clock.now += DISPATCH_LEASE - 1;
    await tick();
    expect(stepFunctions.taken).toEqual([]);
    clock.now += 1;
    await tick();
    expect(stepFunctions.taken).toMatchObject([{ error: 'Baton.DispatchLost' }]);
  });

  it('replays an outcome that was stored and not told (L1)', async () => {
    const { success, callbackId, crashAt, clock, tick, stepFunctions, row } = await running();
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    expect(stepFunctions.taken).toEqual([]);
    clock.now += seconds(60);
    await tick();
    expect(stepFunctions.taken).toHaveLength(1);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('asks SSM about a silent worker, whose event may have been lost (L6)', async () => {
    const { callbackId, commands, clock, tick, stepFunctions, row } = await running();
    commands.invocations.set('command-1', { status: 'Failed', statusDetails: 'Terminated', stderr: '' });
    clock.now += seconds(120);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched', observed: { status: 'Terminated' } });
    clock.now += seconds(60);
    await tick();
    expect(stepFunctions.taken).toMatchObject([
      { error: 'Baton.JobLost', cause: expect.stringContaining('Terminated') as string },
    ]);
  });

  it('lets a worker live that is heard of while it is being given up (L8)', async () => {
    const { callbackId, commandEnded, commands, clock, heartbeat, tick, row, stepFunctions } = await running();
    await commandEnded(callbackId);
    clock.now += seconds(60);
    commands.observer.invocation = async () => {
      await heartbeat(callbackId);
      return undefined;
    };
    await tick();
    expect(stepFunctions.taken).toEqual([]);
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
  });

  it('asks Step Functions whether anybody still waits, and closes what nobody does', async () => {
    const { callbackId, token, clock, tick, stepFunctions, row } = await running();
    clock.now += seconds(120);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
    stepFunctions.close(token);
    clock.now += seconds(300);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });

  it('leaves a worker that beats alone', async () => {
    const { callbackId, clock, tick, heartbeat, logged, row } = await running();
    for (let minute = 0; minute < 30; minute++) {
      clock.now += seconds(60);
      await heartbeat(callbackId);
      await tick();
    }
    expect(JSON.stringify(logged)).not.toContain('inquired');
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
  });

  it('goes on to the next callback when one fails', async () => {
    const { success, callbackId, table, crashAt, clock, tick, logged, stepFunctions } = await running();
    await table.store.insert(sampleRow('other'));
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    clock.now += seconds(60);
    crashAt('replace Settled', 'before');
    await tick();
    expect(stepFunctions.taken).toHaveLength(2);
    expect(JSON.stringify(logged)).toContain('not reconciled');
  });

  it('attends to what is due before it measures, so that no failing measure keeps it from that', async () => {
    const { table, tick, clock, stepFunctions } = world();
    await table.store.insert(sampleRow());
    clock.now += DISPATCH_LEASE;
    Object.assign(table.open, { oldest: () => Promise.reject(new Error('the index is being made')) });
    await expect(tick()).rejects.toThrow('the index is being made');
    expect(stepFunctions.taken).toMatchObject([{ error: 'Baton.DispatchLost' }]);
  });

  it('tells its measures before it begins, and takes up nothing when its time is used', async () => {
    const { table, clock, stepFunctions, reconcile } = world();
    for (let index = 0; index < 100; index++) await table.store.insert(sampleRow(`lost ${index}`, { mapIndex: index }));
    clock.now += DISPATCH_LEASE;
    const told: number[] = [];
    let rows = 0;
    const { read } = table.store;
    Object.assign(table.store, {
      read: async (callbackId: string) => {
        if (told.length > 0) clock.now += (rows += 1) && 100;
        return read(callbackId);
      },
    });
    const until = clock.now + seconds(5);
    const measured = ({ due }: { due: number }) => {
      expect(stepFunctions.taken).toEqual([]);
      told.push(due);
    };
    await reconcile({ clock: () => clock.now, until, measured });
    expect(told).toEqual([100]);
    expect(rows).toBe(50);
    expect(stepFunctions.taken).toHaveLength(50);
  });

  it('asks no more than its budget in one run', async () => {
    const { table, tick, clock, commands, logged } = world();
    for (let index = 0; index < 40; index++) {
      await table.store.insert(sampleRow(`silent ${index}`, { mapIndex: index }));
      await commands.sender.send({
        callbackId: sampleRow(`silent ${index}`, { mapIndex: index }).callbackId,
        instanceId: 'i-1',
        timeoutSeconds: 60,
      });
    }
    clock.now += seconds(60);
    await tick();
    clock.now += seconds(600);
    await tick();
    const inquired = () => logged.filter((line) => JSON.stringify(line).includes('inquired')).length;
    expect(inquired()).toBe(25);
    clock.now += seconds(60);
    await tick();
    expect(inquired()).toBe(40);
  });
});
