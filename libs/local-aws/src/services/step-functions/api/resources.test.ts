import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/service.ts';
import { createStage, waitingTask, type Stage } from '../testing.ts';

const arn = (resource: string) => `arn:aws:states:us-east-1:123456789012:${resource}`;
const machine = arn('stateMachine:m');
const execution = arn('execution:m:one');
const mapRun = arn('mapRun:m/label:id');
const activity = arn('activity:a');
const route = (version: number) => ({ stateMachineVersionArn: `${machine}:${version}`, weight: 50 });

describe('what IAM sees', () => {
  let stage: Stage;
  let seen: readonly string[];
  beforeEach(() => {
    seen = [];
    stage = createStage({ authorize: ({ resources }) => void (seen = resources) });
  });
  afterEach(() => stage.aws.close());

  it.each<[string, JsonObject, string]>([
    ['CreateStateMachine', { name: 'm', definition: '{}', roleArn: 'r' }, machine],
    ['StartExecution', { stateMachineArn: `${machine}:live` }, machine],
    ['StartSyncExecution', { stateMachineArn: machine }, machine],
    ['DescribeStateMachine', { stateMachineArn: `${machine}:7` }, machine],
    ['CreateStateMachineAlias', { name: 'live', routingConfiguration: [route(1), route(2)] }, machine],
    ['DeleteStateMachineAlias', { stateMachineAliasArn: `${machine}:live` }, machine],
    ['DeleteStateMachineVersion', { stateMachineVersionArn: `${machine}:7` }, machine],
    ['DescribeExecution', { executionArn: execution }, execution],
    ['GetExecutionHistory', { executionArn: execution }, execution],
    ['StopExecution', { executionArn: execution }, execution],
    ['ListExecutions', { stateMachineArn: `${machine}:live` }, machine],
    ['ListExecutions', { mapRunArn: mapRun }, mapRun],
    ['UpdateMapRun', { mapRunArn: mapRun }, mapRun],
    ['CreateActivity', { name: 'a' }, activity],
    ['GetActivityTask', { activityArn: activity }, activity],
    ['TagResource', { resourceArn: activity, tags: [] }, activity],
    ['ListStateMachines', {}, '*'],
    ['TestState', { definition: '{}' }, '*'],
  ])('of %s with %j is %s, whether it is there or not', async (action, input, resource) => {
    await stage.call(action, input).catch(() => undefined);
    expect(seen).toEqual([resource]);
  });

  it('of a report is the state machine that waits, and still so when the task is over', async () => {
    const waiting = await stage.createMachine({ Wait: await waitingTask(stage) });
    const taskToken = await stage.token(await stage.start(waiting));
    for (const result of ['taken', 'TaskTimedOut']) {
      const report = stage.call('SendTaskSuccess', { taskToken, output: '{}' });
      expect(
        await report.then(
          () => 'taken',
          ({ code }: { code: string }) => code,
        ),
      ).toBe(result);
      expect(seen).toEqual([waiting]);
    }
    await expect(stage.call('SendTaskHeartbeat', { taskToken: 'x' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('of a report on an activity’s task is the activity', async () => {
    await stage.call('CreateActivity', { name: 'a' });
    const task = { Type: 'Task', Resource: activity, End: true };
    await stage.start(await stage.createMachine({ Work: task }));
    const { taskToken } = await stage.call('GetActivityTask', { activityArn: activity });
    await stage.call('SendTaskHeartbeat', { taskToken });
    expect(seen).toEqual([activity]);
  });
});
