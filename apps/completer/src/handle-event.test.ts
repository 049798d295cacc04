import { readFileSync } from 'node:fs';
import { seconds } from '@baton/token-lib';
import { EXECUTION_ARN, OTHER_RUN_ID } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { running, world } from '../test/world.ts';

describe('a command that ended (L6)', () => {
  it('without a claim fails the task at once, with SSM’s status and the end of stderr', async () => {
    const { dispatch, commands, commandEnded, stepFunctions, row } = world();
    const { callbackId } = await dispatch();
    commands.invocations.set('command-1', {
      status: 'Failed',
      statusDetails: 'Failed',
      stderr: 'ec2-agent-notifier: not found',
    });
    await commandEnded(callbackId);
    expect(stepFunctions.taken).toMatchObject([
      { error: 'Baton.JobLost', cause: expect.stringMatching(/never claimed.*not found/s) as string },
    ]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled', by: 'observer' });
  });

  it('with a claim leaves the worker its grace, then fails the task', async () => {
    const { commandEnded, callbackId, clock, tick, stepFunctions } = await running();
    clock.now += seconds(5);
    await commandEnded(callbackId);
    await tick();
    expect(stepFunctions.taken).toEqual([]);
    clock.now += seconds(60);
    await tick();
    expect(stepFunctions.taken).toMatchObject([{ error: 'Baton.JobLost' }]);
  });

  it('does not overtake the worker’s own report', async () => {
    const { commandEnded, callbackId, clock, tick, stepFunctions, success, table } = await running();
    await commandEnded(callbackId, 'Success');
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'applied' });
    clock.now += seconds(60);
    await tick();
    await commandEnded(callbackId, 'Success');
    expect(stepFunctions.taken).toHaveLength(1);
    expect(table.losingOutcomes).toEqual([]);
  });

  it('does not end a worker that beats on', async () => {
    const { commandEnded, callbackId, clock, tick, stepFunctions, heartbeat } = await running();
    await commandEnded(callbackId);
    clock.now += seconds(9);
    await heartbeat(callbackId);
    clock.now += seconds(20);
    await tick();
    expect(stepFunctions.taken).toEqual([]);
    clock.now += seconds(120);
    await tick();
    expect(stepFunctions.taken).toMatchObject([{ error: 'Baton.JobLost' }]);
  });

  it('whose outcome is stored, and was not told, has it brought back: no worker reports it again (L1)', async () => {
    const { commandEnded, callbackId, stepFunctions, success, crashAt, reminders, row } = await running();
    const { heartbeats } = stepFunctions;
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    await commandEnded(callbackId);
    expect(row(callbackId)).toMatchObject({ state: 'Settling' });
    expect(stepFunctions.heartbeats).toBe(heartbeats + 1);
    expect(reminders.asked).toHaveLength(1);
  });

  it('and is nobody’s is left alone', async () => {
    const { event, stepFunctions } = world();
    const detail = { 'command-id': 'patch-tuesday', 'instance-id': 'i-1', status: 'Failed' };
    await event('EC2 Command Invocation Status-change Notification', detail);
    expect(stepFunctions.taken).toEqual([]);
  });
});

describe('a host', () => {
  it.each(['shutting-down', 'terminated', 'stopping', 'stopped'])(
    'that is %s fails its callbacks at once, by name',
    async (state) => {
      const { hostEnded, stepFunctions, row, callbackId } = await running();
      await hostEnded(state);
      await hostEnded(state);
      expect(stepFunctions.taken).toMatchObject([
        { error: 'Baton.HostLost', cause: expect.stringContaining(`host i-0123456789abcdef0 is ${state}`) as string },
      ]);
      expect(row(callbackId)).toMatchObject({ state: 'Settled' });
      const isOff = ['stopped', 'terminated'].includes(state);
      expect(row(callbackId)?.run?.releasedAt !== undefined, 'its run is over').toBe(isOff);
    },
  );

  it('that ended before the callback was made has nothing to do with it', async () => {
    const { hostEnded, stepFunctions, createdAt } = await running();
    await hostEnded('stopped', new Date(createdAt - seconds(60)).toISOString());
    expect(stepFunctions.taken).toEqual([]);
  });

  it('that ended lets the next attempt start without waiting (L7)', async () => {
    const { hostEnded, dispatch, claim } = await running();
    await hostEnded();
    const second = await dispatch('second', 1);
    expect((await claim(second.callbackId, { runId: OTHER_RUN_ID })).body).toMatchObject({ answer: 'granted' });
  });

  it('that the Spot market wants back is marked, and goes on', async () => {
    const { spotWarning, heartbeat, callbackId, row } = await running();
    await spotWarning();
    expect(row(callbackId)).toMatchObject({ hostWarning: { action: 'terminate' } });
    expect((await heartbeat(callbackId)).body).toMatchObject({ answer: 'continue' });
  });
});

describe('an execution that ended', () => {
  it('closes its callbacks; the worker stops at its next beat, and is cancelled only if it does not', async () => {
    const { executionEnded, heartbeat, failure, callbackId, row, clock, tick, commands } = await running();
    await executionEnded(EXECUTION_ARN);
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'execution-ended' });
    expect(row(callbackId)).not.toHaveProperty('token');
    expect((await heartbeat(callbackId)).body).toEqual({ answer: 'stop', reason: 'the execution has ended' });
    await failure(callbackId, 'Baton.Stopped');
    clock.now += seconds(600);
    await tick();
    expect(commands.cancelled).toEqual([]);
  });

  it('cancels the command of a worker that is not heard of again, once', async () => {
    const { executionEnded, callbackId, row, clock, tick, commands } = await running();
    await executionEnded(EXECUTION_ARN);
    clock.now += seconds(69);
    await tick();
    expect(commands.cancelled).toEqual([]);
    clock.now += seconds(1);
    await tick();
    await tick();
    expect(commands.cancelled).toEqual(['command-1']);
    expect(row(callbackId)).toMatchObject({ state: 'Gone', dueAt: undefined });
  });

  it('before the callback was made was redriven since', async () => {
    const { executionEnded, callbackId, createdAt, row } = await running();
    await executionEnded(EXECUTION_ARN, createdAt - 1);
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
  });

  it('leaves an outcome that is being told to be told', async () => {
    const { executionEnded, success, callbackId, stepFunctions, clock, tick, row } = await running();
    stepFunctions.faults.push('answer lost');
    await success(callbackId, 1);
    await executionEnded(EXECUTION_ARN);
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });
});

describe('the handler', () => {
  it('knows every event that a rule lets through', async () => {
    const wiring = new URL('../../../terraform/modules/platform/wiring/events.json', import.meta.url);
    const { rules } = JSON.parse(readFileSync(wiring, 'utf8')) as {
      rules: Record<string, { pattern: { 'detail-type': string[] } }>;
    };
    for (const { pattern } of Object.values(rules)) {
      for (const type of pattern['detail-type']) {
        const { event, logged } = world();
        await expect(event(type, {})).rejects.toMatchObject({ code: 'InvalidRequest' });
        expect(logged).toEqual([]);
      }
    }
  });

  it('refuses what is no event', async () => {
    await expect(world().event('Scheduled Event', {}, 'yesterday')).rejects.toThrow(/time/);
  });

  it('tries every callback, and fails if one did, so that the event comes again', async () => {
    const here = world();
    await here.dispatch('first');
    await here.dispatch('second', 1);
    await here.dispatch('third', 2);
    const other = await here.dispatch('other', 3);
    here.crashAt('replace Settling', 'before');
    await expect(here.hostEnded()).rejects.toThrow('1 of 1 callbacks failed');
    await here.hostEnded();
    expect(here.row(other.callbackId)).toMatchObject({ state: 'Settled' });
  });
});
