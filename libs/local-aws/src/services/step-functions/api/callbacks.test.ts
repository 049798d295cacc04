import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, waitingTask, type Stage } from '../testing.ts';

const gone = { code: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" };

describe('a task that waits for its token', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = createStage();
  });
  afterEach(() => stage.aws.close());

  const succeed = (taskToken: string, output = '{"rows":3}') => stage.call('SendTaskSuccess', { taskToken, output });
  const startWaiting = async (rest?: Record<string, unknown>): Promise<string> =>
    stage.start(await stage.createMachine({ Wait: await waitingTask(stage, rest) }));

  it('ends with the output that comes back', async () => {
    const execution = await startWaiting();
    expect(await succeed(await stage.token(execution))).toEqual({});
    expect(await stage.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '{"rows":3}' });
  });

  it('takes the first answer only', async () => {
    const token = await stage.token(await startWaiting());
    await succeed(token);
    await expect(succeed(token)).rejects.toMatchObject(gone);
    await expect(stage.call('SendTaskFailure', { taskToken: token })).rejects.toMatchObject(gone);
    await expect(stage.call('SendTaskHeartbeat', { taskToken: token })).rejects.toMatchObject(gone);
  });

  it('fails with the error and cause that come back', async () => {
    const execution = await startWaiting();
    const taskToken = await stage.token(execution);
    await stage.call('SendTaskFailure', { taskToken, error: 'Job.Failed', cause: 'exit 3' });
    expect(await stage.describe(execution)).toMatchObject({ status: 'FAILED', error: 'Job.Failed', cause: 'exit 3' });
  });

  it('refuses what is no JSON, and still waits', async () => {
    const execution = await startWaiting();
    const token = await stage.token(execution);
    await expect(succeed(token, 'rows: 3')).rejects.toMatchObject({ code: 'InvalidOutput' });
    await expect(succeed(token, `"${'ü'.repeat(131_072)}"`)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(
        "at 'output' failed to satisfy constraint: Member must have length less than or equal to 262144",
      ) as string,
    });
    expect(await stage.describe(execution)).toMatchObject({ status: 'RUNNING' });
  });

  it('times out hours later, and its token is dead', async () => {
    const execution = await startWaiting({ TimeoutSeconds: 7200, End: true });
    const token = await stage.token(execution);
    await stage.aws.clock.advance(7_199_999);
    expect(await stage.describe(execution)).toMatchObject({ status: 'RUNNING' });
    await stage.aws.clock.advance(1);
    expect(await stage.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await expect(succeed(token)).rejects.toMatchObject(gone);
  });

  it('lives as long as heartbeats come, and no longer', async () => {
    const execution = await startWaiting({ HeartbeatSeconds: 10, End: true });
    const taskToken = await stage.token(execution);
    for (let beat = 0; beat < 5; beat += 1) {
      await stage.aws.clock.advance(9_000);
      await stage.call('SendTaskHeartbeat', { taskToken });
    }
    expect(await stage.describe(execution)).toMatchObject({ status: 'RUNNING' });
    await stage.aws.clock.advance(10_000);
    expect(await stage.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('gets a new token with every attempt; the old one is dead', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 1 }];
    const execution = await startWaiting({ Retry, End: true });
    const first = await stage.token(execution);
    await stage.call('SendTaskFailure', { taskToken: first, error: 'Job.Failed' });
    await stage.aws.clock.advance(5_000);
    const second = await stage.token(execution);
    expect(second).not.toBe(first);
    await expect(succeed(first)).rejects.toMatchObject(gone);
    await succeed(second);
    expect(await stage.describe(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is over when its execution is stopped', async () => {
    const execution = await startWaiting();
    const token = await stage.token(execution);
    await stage.call('StopExecution', { executionArn: execution, error: 'Operator', cause: 'no longer wanted' });
    expect(await stage.describe(execution)).toMatchObject({
      status: 'ABORTED',
      error: 'Operator',
      cause: 'no longer wanted',
    });
    await expect(succeed(token)).rejects.toMatchObject(gone);
  });

  it('is over when a branch beside it fails', async () => {
    const branch = (name: string, state: Record<string, unknown>) => ({ StartAt: name, States: { [name]: state } });
    const Branches = [
      branch('Waits', await waitingTask(stage)),
      branch('Sleeps', { Type: 'Wait', Seconds: 3, Next: 'x' }),
    ];
    (Branches[1]!.States as Record<string, unknown>)['x'] = { Type: 'Fail', Error: 'Boom' };
    const execution = await stage.start(await stage.createMachine({ Both: { Type: 'Parallel', Branches, End: true } }));
    const token = await stage.token(execution);
    await stage.aws.clock.advance(3_000);
    expect(await stage.describe(execution)).toMatchObject({ status: 'FAILED', error: 'Boom' });
    await expect(succeed(token)).rejects.toMatchObject(gone);
  });
});
