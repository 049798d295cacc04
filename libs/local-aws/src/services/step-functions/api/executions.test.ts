import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, ServiceEvent } from '../../../kernel/service.ts';
import { createStage, ROLE, waitingTask, type Stage } from '../testing.ts';

const pass = { Done: { Type: 'Pass', Result: { done: true }, End: true } };
const hold = { Hold: { Type: 'Wait', Seconds: 60, End: true } };

describe('executions', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = createStage();
  });
  afterEach(() => stage.aws.close());

  it('are described as AWS does', async () => {
    const machine = await stage.createMachine(pass, 'report');
    const execution = await stage.start(machine, { a: 1 }, 'monday');
    const { startDate, stopDate, ...rest } = await stage.describe(execution);
    expect(startDate).toBe(stage.aws.clock.now() / 1000);
    expect(stopDate).toBe(startDate);
    expect(rest).toEqual({
      executionArn: 'arn:aws:states:us-east-1:123456789012:execution:report:monday',
      stateMachineArn: machine,
      name: 'monday',
      status: 'SUCCEEDED',
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"done":true}',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  it('start once for the same name and input while they run', async () => {
    const machine = await stage.createMachine(hold);
    const first = await stage.call('StartExecution', { stateMachineArn: machine, name: 'one', input: '{}' });
    await stage.aws.clock.advance(1000);
    expect(await stage.call('StartExecution', { stateMachineArn: machine, name: 'one', input: '{}' })).toEqual(first);
    const exists = {
      code: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${first['executionArn'] as string}'`,
    };
    await expect(stage.start(machine, { other: 1 }, 'one')).rejects.toMatchObject(exists);
    await stage.aws.clock.advance(60_000);
    await expect(stage.start(machine, {}, 'one')).rejects.toMatchObject(exists);
  });

  it.each([
    [
      'not json',
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["{'a': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"],
    ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"],
    ['{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"],
    ['{"a":1 "b":2}', `Unexpected character ('"' (code 34)): was expecting comma to separate Object entries`],
    ['[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"],
    ['{"a":1', 'Unexpected end-of-input'],
    ['{"a":"x', 'Unexpected end-of-input'],
    ['', 'Invalid execution input.'],
  ])('refuse the input %j', async (input, problem) => {
    const stateMachineArn = await stage.createMachine(pass);
    await expect(stage.call('StartExecution', { stateMachineArn, input })).rejects.toMatchObject({
      code: 'InvalidExecutionInput',
      message: `Invalid State Machine Execution Input: '${problem}'`,
    });
  });

  it('are refused for what is not there, in the words of AWS', async () => {
    const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:nobody';
    const execution = 'arn:aws:states:us-east-1:123456789012:execution:nobody:one';
    await expect(stage.start(machine)).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${machine}'`,
    });
    await expect(stage.describe(execution)).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
      message: `Execution Does Not Exist: '${execution}'`,
    });
    await expect(stage.start(execution)).rejects.toMatchObject({ code: 'InvalidArn' });
    await expect(stage.call('StartExecution', { stateMachineArn: 'x' })).rejects.toMatchObject({
      message: "Invalid Arn: 'Invalid ARN prefix: x'",
    });
    await expect(stage.call('StartExecution', {})).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
    });
  });

  it('are listed newest first, by status, page by page', async () => {
    const machine = await stage.createMachine(hold);
    const started: string[] = [];
    for (let index = 0; index < 5; index += 1) started.unshift(await stage.start(machine));
    await stage.call('StopExecution', { executionArn: started[2] });
    const list = async (request: JsonObject) => {
      const page = await stage.call('ListExecutions', { stateMachineArn: machine, ...request });
      const arns = (page['executions'] as { executionArn: string }[]).map(({ executionArn }) => executionArn);
      return { arns, nextToken: page['nextToken'] };
    };
    const first = await list({ maxResults: 2 });
    expect(first.arns).toEqual(started.slice(0, 2));
    await stage.start(machine); // does not shift the pages that follow
    const second = await list({ maxResults: 2, nextToken: first.nextToken });
    expect(second.arns).toEqual(started.slice(2, 4));
    const third = await list({ maxResults: 2, nextToken: second.nextToken });
    expect(third).toEqual({ arns: started.slice(4), nextToken: undefined });
    expect((await list({ statusFilter: 'ABORTED' })).arns).toEqual([started[2]]);
    await expect(list({ nextToken: 'bm9uZQ==' })).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(list({ statusFilter: 'succeeded' })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must " +
        'satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]',
    });
  });

  it('have a history, in both directions and in pages', async () => {
    const execution = await stage.start(await stage.createMachine(pass));
    const types = async (request: JsonObject) => {
      const page = await stage.call('GetExecutionHistory', { executionArn: execution, ...request });
      return { types: (page['events'] as { type: string }[]).map(({ type }) => type), nextToken: page['nextToken'] };
    };
    const all = ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'];
    expect(await types({})).toEqual({ types: all, nextToken: undefined });
    expect(await types({ reverseOrder: true })).toEqual({ types: all.toReversed(), nextToken: undefined });
    const { nextToken } = await types({ reverseOrder: true, maxResults: 3 });
    expect(await types({ reverseOrder: true, maxResults: 3, nextToken })).toEqual({
      types: all.slice(0, 1),
      nextToken: undefined,
    });
  });

  it('keep their payloads out of a history without execution data, but not the parameters of tasks', async () => {
    const execution = await stage.start(await stage.createMachine({ Wait: await waitingTask(stage) }), { secret: 1 });
    await stage.describe(execution);
    const { events } = await stage.call('GetExecutionHistory', {
      executionArn: execution,
      includeExecutionData: false,
    });
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(JSON.stringify(events)).toContain('AQC');
  });

  it('announce their start and their end', async () => {
    const events: ServiceEvent[] = [];
    stage.aws.observe({ event: (event) => events.push(event) });
    const machine = await stage.createMachine(hold);
    const execution = await stage.start(machine, { a: 1 });
    await stage.aws.clock.advance(60_000);
    expect(events.map(({ detail }) => detail['status'])).toEqual(['RUNNING', 'SUCCEEDED']);
    const now = stage.aws.clock.now();
    expect(events[1]).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [execution],
      detail: {
        executionArn: execution,
        stateMachineArn: machine,
        startDate: now - 60_000,
        stopDate: now,
        input: '{"a":1}',
        output: '{"a":1}',
      },
    });
  });

  it('stop once; a second stop changes nothing', async () => {
    const executionArn = await stage.start(await stage.createMachine(hold));
    const { stopDate } = await stage.call('StopExecution', { executionArn });
    await stage.aws.clock.advance(5000);
    expect(await stage.call('StopExecution', { executionArn, error: 'Late' })).toEqual({ stopDate });
    expect(await stage.describe(executionArn)).not.toHaveProperty('error');
  });

  it('go on where they failed when they are redriven, once for each client token', async () => {
    const events: ServiceEvent[] = [];
    stage.aws.observe({ event: (event) => events.push(event) });
    const machine = await stage.createMachine({
      Before: { Type: 'Pass', Next: 'Wait' },
      Wait: await waitingTask(stage),
    });
    const executionArn = await stage.start(machine);
    const first = await stage.token(executionArn);
    await stage.call('SendTaskFailure', { taskToken: first, error: 'Job.Failed' });
    expect(await stage.describe(executionArn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
    await stage.aws.clock.advance(60_000);
    const redrive = () => stage.call('RedriveExecution', { executionArn, clientToken: 'again' });
    const redriveDate = stage.aws.clock.now() / 1000;
    expect(await redrive()).toEqual({ redriveDate });
    expect(await stage.describe(executionArn)).toMatchObject({ status: 'RUNNING', redriveCount: 1, redriveDate });
    expect(await redrive()).toEqual({ redriveDate });
    const second = await stage.token(executionArn);
    await expect(stage.call('SendTaskHeartbeat', { taskToken: first })).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await stage.call('SendTaskSuccess', { taskToken: second, output: '1' });
    expect(await stage.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '1', redriveCount: 1 });
    const types = (await stage.history(executionArn)).map(({ type }) => type);
    expect(types.filter((type) => type === 'PassStateEntered')).toHaveLength(1);
    expect(types).toContain('ExecutionRedriven');
    expect(events.map(({ detail }) => detail['status'])).toEqual(['RUNNING', 'FAILED', 'RUNNING', 'SUCCEEDED']);
    expect(events[2]?.detail).toMatchObject({ error: null, stopDate: null, redriveCount: 1 });
  });

  it('are not redriven while they run, after success, or two weeks later', async () => {
    const running = await stage.start(await stage.createMachine(hold));
    const redrive = (executionArn: string) => stage.call('RedriveExecution', { executionArn });
    const no = (reason: string) => ({
      code: 'ExecutionNotRedrivable',
      message: `Execution Not Redrivable: '${reason}'`,
    });
    await expect(redrive(running)).rejects.toMatchObject(no('Execution is RUNNING and cannot be redriven'));
    await stage.call('StopExecution', { executionArn: running });
    const done = await stage.start(await stage.createMachine(pass));
    await expect(redrive(done)).rejects.toMatchObject(no('Execution is SUCCEEDED and cannot be redriven'));
    await stage.aws.clock.advance(14 * 24 * 3_600_000 + 1);
    await expect(redrive(running)).rejects.toMatchObject(no('Execution redrivable period exceeded'));
  });

  it('run synchronously in Express, and nowhere else', async () => {
    const definition = JSON.stringify({
      StartAt: 'Hold',
      States: { Hold: { Type: 'Wait', Seconds: 3, Next: 'Done' }, ...pass },
    });
    const request = { name: 'quick', type: 'EXPRESS', definition, roleArn: ROLE };
    const { stateMachineArn: express } = await stage.call('CreateStateMachine', request);
    const answer = stage.call('StartSyncExecution', { stateMachineArn: express, name: 'one' });
    await stage.aws.clock.advance(3000);
    expect(await answer).toMatchObject({
      executionArn: expect.stringMatching(/:express:quick:one:[\w-]+$/) as string,
      status: 'SUCCEEDED',
      output: '{"done":true}',
      billingDetails: { billedDurationInMilliseconds: 3000 },
    });
    const stateMachineArn = await stage.createMachine(pass);
    await expect(stage.call('StartSyncExecution', { stateMachineArn })).rejects.toMatchObject({
      code: 'StateMachineTypeNotSupported',
    });
  });
});
