import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, waitingTask, type Stage } from '../testing.ts';

describe('the run of a distributed Map', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = createStage();
  });
  afterEach(() => stage.aws.close());

  const startRun = async (rest = {}) => {
    const processor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Work',
      States: { Work: await waitingTask(stage) },
    };
    const Each = { Type: 'Map', ItemsPath: '$', ItemProcessor: processor, End: true, ...rest };
    const executionArn = await stage.start(await stage.createMachine({ Each }), [1, 2, 3]);
    await stage.describe(executionArn);
    const { mapRuns } = await stage.call('ListMapRuns', { executionArn });
    const [{ mapRunArn }] = mapRuns as [{ mapRunArn: string }];
    return { executionArn, mapRunArn };
  };
  const settle = async (action: string, rest = {}): Promise<void> => {
    const { QueueUrl } = await stage.aws.call('sqs:GetQueueUrl', { QueueName: 'work' });
    const { Messages } = await stage.aws.call('sqs:ReceiveMessage', { QueueUrl });
    const [{ Body }] = Messages as [{ Body: string }];
    await stage.call(action, { taskToken: (JSON.parse(Body) as { token: string }).token, ...rest });
  };

  it('is listed and counts its children', async () => {
    const { executionArn, mapRunArn } = await startRun({ MaxConcurrency: 2, ToleratedFailureCount: 1 });
    const describeRun = () => stage.call('DescribeMapRun', { mapRunArn });
    expect(await describeRun()).toMatchObject({
      executionArn,
      status: 'RUNNING',
      maxConcurrency: 2,
      toleratedFailureCount: 1,
      executionCounts: { pending: 1, running: 2, succeeded: 0, total: 3 },
    });
    await settle('SendTaskFailure', { error: 'Bad' });
    await settle('SendTaskSuccess', { output: '1' });
    await settle('SendTaskSuccess', { output: '2' });
    expect(await stage.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await describeRun()).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: stage.aws.clock.now() / 1000,
      itemCounts: { pending: 0, running: 0, succeeded: 2, failed: 1, total: 3 },
    });
  });

  it('has children that are listed, described and read like executions', async () => {
    const { mapRunArn } = await startRun();
    await settle('SendTaskSuccess', { output: '"done"' });
    const list = async (rest = {}) =>
      (await stage.call('ListExecutions', { mapRunArn, ...rest }))['executions'] as { executionArn: string }[];
    expect(await list({ statusFilter: 'RUNNING' })).toHaveLength(2);
    const [child] = await list({ statusFilter: 'SUCCEEDED' });
    expect(child).toMatchObject({ mapRunArn, status: 'SUCCEEDED', stopDate: stage.aws.clock.now() / 1000 });
    const executionArn = child!.executionArn;
    expect(await stage.describe(executionArn)).toMatchObject({ mapRunArn, input: '1', output: '"done"' });
    expect((await stage.history(executionArn)).at(0)).toMatchObject({ id: 1, type: 'ExecutionStarted' });
    await expect(stage.call('ListExecutions', {})).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('takes other limits while it runs', async () => {
    const { executionArn, mapRunArn } = await startRun();
    await stage.call('UpdateMapRun', { mapRunArn, toleratedFailureCount: 3 });
    for (let child = 0; child < 3; child += 1) await settle('SendTaskFailure', { error: 'Bad' });
    expect(await stage.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await expect(stage.call('UpdateMapRun', { mapRunArn, maxConcurrency: 1 })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it('is aborted with its execution', async () => {
    const { executionArn, mapRunArn } = await startRun();
    await stage.call('StopExecution', { executionArn });
    const run = await stage.call('DescribeMapRun', { mapRunArn });
    expect(run).toMatchObject({ status: 'ABORTED', executionCounts: { running: 0, aborted: 3 } });
  });
});
