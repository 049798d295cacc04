import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, type Stage } from '../testing.ts';

describe('activities', () => {
  let stage: Stage;
  let activityArn: string;
  beforeEach(async () => {
    stage = createStage();
    activityArn = (await stage.call('CreateActivity', { name: 'paint' }))['activityArn'] as string;
  });
  afterEach(() => stage.aws.close());

  const startTask = async (rest = {}) =>
    stage.start(await stage.createMachine({ Paint: { Type: 'Task', Resource: activityArn, End: true, ...rest } }), {
      wall: 1,
    });
  const poll = (workerName?: string) => stage.call('GetActivityTask', { activityArn, workerName });

  it('are created once, described, listed and deleted', async () => {
    const creationDate = stage.aws.clock.now() / 1000;
    expect(await stage.call('CreateActivity', { name: 'paint' })).toEqual({ activityArn, creationDate });
    expect(await stage.call('DescribeActivity', { activityArn })).toEqual({ activityArn, name: 'paint', creationDate });
    expect((await stage.call('ListActivities', {}))['activities']).toHaveLength(1);
    await stage.call('DeleteActivity', { activityArn });
    expect(await stage.call('DeleteActivity', { activityArn })).toEqual({});
    await expect(poll()).rejects.toMatchObject({ code: 'ActivityDoesNotExist' });
    await expect(stage.call('CreateActivity', { name: 'a b$' })).rejects.toMatchObject({
      message: "Invalid Name: 'a b$'",
    });
  });

  it('hand a task to a worker who asks later', async () => {
    const execution = await startTask();
    const task = await poll('ann');
    expect(task['input']).toBe('{"wall":1}');
    await stage.call('SendTaskSuccess', { taskToken: task['taskToken'], output: '"blue"' });
    expect(await stage.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '"blue"' });
    const types = (await stage.history(execution)).map(({ type }) => type);
    expect(types).toContain('ActivityStarted');
  });

  it('hand a task to the worker who has waited longest', async () => {
    const [first, second] = [poll('ann'), poll('bob')];
    await startTask();
    expect(await first).toMatchObject({ input: '{"wall":1}' });
    await stage.aws.clock.advance(60_000);
    expect(await second).toEqual({});
  });

  it('hand a task out once', async () => {
    await startTask();
    await poll();
    const waiting = poll();
    await stage.aws.clock.advance(60_000);
    expect(await waiting).toEqual({});
  });

  it('leave no timer behind', async () => {
    await startTask({ TimeoutSeconds: 5, HeartbeatSeconds: 2 });
    const { taskToken } = await poll();
    await stage.call('SendTaskSuccess', { taskToken, output: '1' });
    expect(await stage.aws.clock.advanceToNext()).toBe(false);
  });

  it('let a worker wait a minute', async () => {
    const waiting = poll();
    await stage.aws.clock.advance(60_000);
    expect(await waiting).toEqual({});
  });

  it('take back a task that has timed out', async () => {
    const execution = await startTask({ TimeoutSeconds: 5 });
    const task = await poll();
    await stage.aws.clock.advance(5_000);
    expect(await stage.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await expect(stage.call('SendTaskHeartbeat', { taskToken: task['taskToken'] })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  it('do not hand out a task whose execution was stopped', async () => {
    await stage.call('StopExecution', { executionArn: await startTask() });
    const waiting = poll();
    await stage.aws.clock.advance(60_000);
    expect(await waiting).toEqual({});
  });
});
