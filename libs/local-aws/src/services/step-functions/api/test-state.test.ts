import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/service.ts';
import { createStage, ROLE, type Stage } from '../testing.ts';

const task = (rest: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'foo', 'Payload.$': '$.a' },
  End: true,
  ...rest,
});

describe('TestState', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = createStage();
  });
  afterEach(() => stage.aws.close());

  const test = (state: JsonObject, rest: JsonObject = {}) =>
    stage.call('TestState', { definition: JSON.stringify(state), input: '{"a":1}', ...rest });
  const parsed = (data: unknown): JsonObject =>
    Object.fromEntries(
      Object.entries(data as JsonObject).map(([name, value]) => [
        name,
        typeof value === 'string' ? (JSON.parse(value) as unknown) : value,
      ]),
    );

  it('runs a state and says what comes of it', async () => {
    expect(await test({ Type: 'Pass', Result: { b: 2 }, ResultPath: '$.c', Next: 'After' })).toEqual({
      status: 'SUCCEEDED',
      output: '{"a":1,"c":{"b":2}}',
      nextState: 'After',
    });
    expect(await test({ Type: 'Fail', Error: 'SomeFailure', Cause: 'why' })).toEqual({
      status: 'FAILED',
      error: 'SomeFailure',
      cause: 'why',
    });
    expect(await test({ Type: 'Wait', Seconds: 3600, End: true })).toEqual({ status: 'SUCCEEDED', output: '{"a":1}' });
    const Choices = [{ Variable: '$.a', NumericEquals: 1, Next: 'One' }];
    expect(await test({ Type: 'Choice', Choices, Default: 'Other' })).toMatchObject({
      status: 'SUCCEEDED',
      nextState: 'One',
    });
  });

  it('shows the data behind every field', async () => {
    const state = {
      Type: 'Pass',
      InputPath: '$.a',
      Parameters: { 'x.$': '$.b' },
      ResultPath: '$.r',
      OutputPath: '$.r',
      End: true,
    };
    const { inspectionData, output } = await test(state, { input: '{"a":{"b":7}}', inspectionLevel: 'DEBUG' });
    expect(output).toBe('{"x":7}');
    expect(parsed(inspectionData)).toEqual({
      input: { a: { b: 7 } },
      afterInputPath: { b: 7 },
      afterParameters: { x: 7 },
      afterResultSelector: { x: 7 },
      afterResultPath: { a: { b: 7 }, r: { x: 7 } },
    });
  });

  it('answers a task with a mock', async () => {
    const mock = { result: '{"Payload":{"rows":3}}' };
    const state = task({ ResultSelector: { 'n.$': '$.Payload.rows' }, ResultPath: '$.out' });
    const { inspectionData, ...rest } = await test(state, { mock, inspectionLevel: 'TRACE' });
    expect(rest).toEqual({ status: 'SUCCEEDED', output: '{"a":1,"out":{"n":3}}' });
    expect(parsed(inspectionData)).toEqual({
      input: { a: 1 },
      afterInputPath: { a: 1 },
      afterParameters: { FunctionName: 'foo', Payload: 1 },
      result: { Payload: { rows: 3 } },
      afterResultSelector: { n: 3 },
      afterResultPath: { a: 1, out: { n: 3 } },
    });
  });

  it('says who takes a mocked error', async () => {
    const mock = { errorOutput: { error: 'Job.Failed', cause: 'exit 3' } };
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'A' },
      { ErrorEquals: ['States.ALL'], Next: 'B' },
    ];
    const Retry = [{ ErrorEquals: ['Job.Failed'], IntervalSeconds: 7 }];
    const debug = { mock, inspectionLevel: 'DEBUG' };
    expect(await test(task(), { mock })).toEqual({ status: 'FAILED', error: 'Job.Failed', cause: 'exit 3' });
    expect(await test(task({ Catch }), debug)).toMatchObject({
      status: 'CAUGHT_ERROR',
      nextState: 'B',
      output: '{"Error":"Job.Failed","Cause":"exit 3"}',
      inspectionData: { errorDetails: { catchIndex: 1 } },
    });
    expect(await test(task({ Catch, Retry }), debug)).toMatchObject({
      status: 'RETRIABLE',
      error: 'Job.Failed',
      inspectionData: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 7 } },
    });
  });

  it('knows how often a mocked error was retried', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 7, MaxAttempts: 2 }];
    const state = task({ Retry, TimeoutSeconds: 60 });
    const after = (retrierRetryCount: number) => {
      const mock = { errorOutput: { error: 'Job.Failed', cause: 'exit 3' } };
      return test(state, { mock, inspectionLevel: 'DEBUG', stateConfiguration: { retrierRetryCount } });
    };
    const delayed = (seconds: number) => ({
      status: 'RETRIABLE',
      inspectionData: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: seconds } },
    });
    expect(await after(0)).toMatchObject(delayed(7));
    expect(await after(1)).toMatchObject(delayed(14));
    expect(await after(2)).toMatchObject({ status: 'FAILED', error: 'Job.Failed', cause: 'exit 3' });
  });

  it('evaluates JSONata with variables, and shows what is assigned', async () => {
    const state = {
      ...{ Type: 'Task', QueryLanguage: 'JSONata', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' },
      Arguments: { QueueUrl: 'http://q.local/1/q', MessageBody: '{% $states.context.Task.Token & $who %}' },
      ...{ Output: '{% $states.result.n + 1 %}', Assign: { seen: '{% $states.result.n %}' }, End: true },
    };
    const context = JSON.stringify({ Task: { Token: 'T' } });
    const answer = await test(state, {
      variables: '{"who":"me"}',
      context,
      mock: { result: '{"n":2}' },
      inspectionLevel: 'DEBUG',
    });
    expect(answer).toMatchObject({ status: 'SUCCEEDED', output: '3' });
    expect(parsed(answer['inspectionData'])).toMatchObject({
      afterArguments: { MessageBody: 'Tme' },
      result: { n: 2 },
      variables: { seen: 2 },
    });
  });

  it('finds a state of a whole machine, and takes a mocked Map for its result', async () => {
    const branch = { StartAt: 'In', States: { In: { Type: 'Pass', Result: 5, End: true } } };
    const machine = {
      StartAt: 'Each',
      States: { Each: { Type: 'Map', ItemProcessor: branch, ResultPath: '$.all', End: true } },
    };
    expect(await test(machine, { stateName: 'In' })).toMatchObject({ output: '5' });
    expect(await test(machine, { stateName: 'Each', mock: { result: '[1,2]' } })).toMatchObject({
      output: '{"a":1,"all":[1,2]}',
    });
    await expect(test(machine, { stateName: 'Nobody' })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('calls the real service where nothing is mocked', async () => {
    const { QueueUrl } = await stage.aws.call('sqs:CreateQueue', { QueueName: 'work' });
    const state = task({
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl, 'MessageBody.$': '$' },
    });
    expect(await test(state, { roleArn: ROLE })).toMatchObject({ status: 'SUCCEEDED' });
    const { Messages } = await stage.aws.call('sqs:ReceiveMessage', { QueueUrl });
    expect(Messages).toMatchObject([{ Body: '{"a":1}' }]);
  });

  it.each([
    [
      { Type: 'Pass', End: true },
      { mock: { result: '{}' } },
      "State type 'Pass' is not supported when a mock is specified",
    ],
    [
      task(),
      { mock: { result: '{}', errorOutput: {} } },
      'A test mock should have only one of the following fields: [result, errorOutput].',
    ],
    [
      task(),
      { mock: { result: '{}' }, revealSecrets: true },
      'TestState does not support RevealSecrets when a mock is specified.',
    ],
    [task(), {}, 'RoleArn must be specified when testing a Task state'],
    [{ Type: 'Parallel', Branches: [], End: true }, { mock: { result: '{}' } }, 'Mocked result must be an array.'],
    [
      { Type: 'Parallel', Branches: [], End: true },
      { mock: { result: '[1]' } },
      'Mocked result must contain the same number of items as number of Parallel branches.',
    ],
    [
      { Type: 'Map', End: true },
      {},
      'TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]',
    ],
  ])('refuses %j with %j', async (state, rest, message) => {
    await expect(test(state, rest)).rejects.toMatchObject({ message });
  });
});
