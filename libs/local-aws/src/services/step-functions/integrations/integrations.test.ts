import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/service.ts';
import { createStage, waitingTask, type Stage } from '../testing.ts';

describe('integrations', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = createStage();
  });
  afterEach(() => stage.aws.close());

  const run = async (state: JsonObject, input: unknown = {}): Promise<JsonObject> => {
    const machine = await stage.createMachine({ Call: { Type: 'Task', End: true, ...state } });
    return stage.describe(await stage.start(machine, input));
  };
  const integration = (resource: string, Parameters: JsonObject) =>
    run({ Resource: `arn:aws:states:::${resource}`, Parameters });
  const output = ({ output: text }: JsonObject): JsonObject => JSON.parse(text as string) as JsonObject;

  describe('of Step Functions', () => {
    const child = { Done: { Type: 'Pass', Result: { ok: true }, End: true } };

    it('start an execution', async () => {
      const StateMachineArn = await stage.createMachine(child, 'child');
      const answer = output(
        await integration('states:startExecution', { StateMachineArn, Name: 'one', Input: { a: 1 } }),
      );
      expect(answer).toMatchObject({
        ExecutionArn: 'arn:aws:states:us-east-1:123456789012:execution:child:one',
        StartDate: stage.aws.clock.now(),
        SdkHttpMetadata: { HttpStatusCode: 200 },
      });
      expect(await stage.describe(answer['ExecutionArn'] as string)).toMatchObject({ input: '{"a":1}' });
    });

    it('wait for it with .sync, whose payloads are text, and .sync:2, whose payloads are JSON', async () => {
      const StateMachineArn = await stage.createMachine(child);
      expect(output(await integration('states:startExecution.sync', { StateMachineArn }))).toMatchObject({
        Input: '{}',
        Output: '{"ok":true}',
        Status: 'SUCCEEDED',
      });
      expect(output(await integration('states:startExecution.sync:2', { StateMachineArn }))).toMatchObject({
        Input: {},
        Output: { ok: true },
      });
    });

    it('fail with the description of the execution that failed', async () => {
      const StateMachineArn = await stage.createMachine({ Bad: { Type: 'Fail', Error: 'Boom', Cause: 'why' } });
      const failed = await integration('states:startExecution.sync', { StateMachineArn });
      expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
      expect(JSON.parse(failed['cause'] as string)).toMatchObject({ Error: 'Boom', Cause: 'why', Status: 'FAILED' });
    });

    it('take the answer that comes by token for the result, after the task was submitted', async () => {
      const Parameters = { 'TaskToken.$': '$.token', Output: { by: 'token' } };
      const send = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sfn:sendTaskSuccess', Parameters, End: true };
      const StateMachineArn = await stage.createMachine({ Send: send });
      const Input = { 'token.$': '$$.Task.Token' };
      const execution = await integration('states:startExecution.sync', { StateMachineArn, Input });
      expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"by":"token"}' });
      const types = (await stage.history(execution['executionArn'] as string)).map(({ type }) => type);
      expect(types.slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
    });

    it('stop the execution that nobody waits for any more', async () => {
      const StateMachineArn = await stage.createMachine({ Long: { Type: 'Wait', Seconds: 600, End: true } });
      const Parameters = { StateMachineArn, Name: 'long' };
      const parent = await stage.createMachine({
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync',
          Parameters,
          TimeoutSeconds: 5,
          End: true,
        },
      });
      const execution = await stage.start(parent);
      await stage.aws.clock.advance(5_000);
      expect(await stage.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
      const { executions } = await stage.call('ListExecutions', { stateMachineArn: StateMachineArn });
      expect(executions).toMatchObject([{ name: 'long', status: 'ABORTED' }]);
    });

    it('name their errors', async () => {
      const StateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:nobody';
      const failed = await integration('states:startExecution', { StateMachineArn });
      expect(failed).toMatchObject({ error: 'StepFunctions.StateMachineDoesNotExistException' });
      expect(failed['cause']).toMatch(
        /^State Machine Does Not Exist: '.*' \(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: [\w-]+; Proxy: null\)$/,
      );
      expect(await integration('aws-sdk:sfn:startExecution', { StateMachineArn })).toMatchObject({
        error: 'Sfn.StateMachineDoesNotExistException',
      });
    });

    it('settle a waiting task of another execution through aws-sdk', async () => {
      const waiting = await stage.start(await stage.createMachine({ Wait: await waitingTask(stage) }));
      const TaskToken = await stage.token(waiting);
      expect(await integration('aws-sdk:sfn:sendTaskSuccess', { TaskToken, Output: { n: 1 } })).toMatchObject({
        output: '{}',
      });
      expect(await stage.describe(waiting)).toMatchObject({ status: 'SUCCEEDED', output: '{"n":1}' });
    });
  });

  describe('of Lambda', () => {
    beforeEach(() =>
      stage.aws.call('lambda:CreateFunction', {
        ...{
          FunctionName: 'work',
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::123456789012:role/f',
        },
        Code: {
          ZipFile: zipSync({
            'index.mjs': strToU8(
              'export const handler = async (event) => { if (event.fail) throw new TypeError(event.fail); return { event }; };',
            ),
          }),
        },
      }),
    );

    it('give the answer as JSON', async () => {
      const answer = output(await integration('lambda:invoke', { FunctionName: 'work', Payload: { a: 1 } }));
      expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: { event: { a: 1 } } });
      const logged = await integration('lambda:invoke', { FunctionName: 'work', LogType: 'Tail' });
      expect(output(logged)).toHaveProperty('LogResult');
      const arn = 'arn:aws:lambda:us-east-1:123456789012:function:work';
      expect(output(await run({ Resource: arn }, { b: 2 }))).toEqual({ event: { b: 2 } });
    });

    it('send a Payload that is JSON text as it is, and any other text as a JSON string', async () => {
      const event = async (Payload: string) =>
        (output(await integration('lambda:invoke', { FunctionName: 'work', Payload })) as { Payload: unknown }).Payload;
      expect(await event('0')).toEqual({ event: 0 });
      expect(await event('{"a":1}')).toEqual({ event: { a: 1 } });
      expect(await event('Hello')).toEqual({ event: 'Hello' });
    });

    it('fail as the function fails', async () => {
      const failed = await integration('lambda:invoke', { FunctionName: 'work', Payload: { fail: 'no' } });
      expect(failed).toMatchObject({ status: 'FAILED', error: 'TypeError' });
      expect(JSON.parse(failed['cause'] as string)).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
      expect(await integration('lambda:invoke', { FunctionName: 'nobody' })).toMatchObject({
        error: 'Lambda.ResourceNotFoundException',
      });
    });
  });

  describe('of queues, events and tables', () => {
    it('send a body of any JSON, and name what is wrong', async () => {
      const { QueueUrl } = await stage.aws.call('sqs:CreateQueue', { QueueName: 'work' });
      expect(output(await integration('sqs:sendMessage', { QueueUrl, MessageBody: { a: [1] } }))).toHaveProperty(
        'MessageId',
      );
      expect(await stage.aws.call('sqs:ReceiveMessage', { QueueUrl })).toMatchObject({
        Messages: [{ Body: '{"a":[1]}' }],
      });
      expect(await integration('sqs:sendMessage', { QueueUrl: 'http://nowhere/q', MessageBody: 'x' })).toMatchObject({
        error: 'SQS.SdkClientException',
        cause: 'Unable to execute HTTP request: nowhere: Name or service not known',
      });
    });

    it('put events that carry the execution, and fail where one entry is refused', async () => {
      const entry = { Source: 'my.app', DetailType: 'Done', Detail: { n: 1 } };
      const sent: JsonObject[] = [];
      stage.aws.observe({ call: ({ action, input }) => void (action === 'PutEvents' && sent.push(input)) });
      const execution = await integration('events:putEvents', { Entries: [entry] });
      expect(output(execution)).toMatchObject({ FailedEntryCount: 0 });
      const Resources = [execution['stateMachineArn'], execution['executionArn']];
      expect(sent).toEqual([{ Entries: [{ ...entry, Detail: '{"n":1}', Resources }] }]);
      const failed = await integration('events:putEvents', { Entries: [entry, { ...entry, Source: undefined }] });
      expect(failed).toMatchObject({ status: 'FAILED', error: 'EventBridge.FailedEntry' });
      expect(JSON.parse(failed['cause'] as string)).toMatchObject({
        FailedEntryCount: 1,
        Entries: [{ EventId: expect.any(String) as string }, { ErrorCode: 'InvalidArgument' }],
      });
    });

    it('write to tables, in both spellings', async () => {
      await stage.aws.call('dynamodb:CreateTable', {
        ...{ TableName: 'rows', BillingMode: 'PAY_PER_REQUEST' },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      });
      const Item = { id: { S: '1' } };
      expect(output(await integration('dynamodb:putItem', { TableName: 'rows', Item }))).toHaveProperty(
        'SdkResponseMetadata',
      );
      expect(output(await integration('aws-sdk:dynamodb:getItem', { TableName: 'rows', Key: Item }))).toEqual({ Item });
      expect(await integration('dynamodb:getItem', { TableName: 'none', Key: Item })).toMatchObject({
        error: 'DynamoDB.ResourceNotFoundException',
      });
      expect(await integration('aws-sdk:dynamodb:getItem', { TableName: 'none', Key: Item })).toMatchObject({
        error: 'DynamoDb.ResourceNotFoundException',
      });
    });

    it('are not called with a parameter of the wrong type', async () => {
      const [QueueUrl, MessageBody] = [5, 'x'];
      expect(await integration('sqs:sendMessage', { QueueUrl, MessageBody })).toMatchObject({
        error: 'States.Runtime',
        cause: expect.stringContaining(
          `'{"QueueUrl":5,"MessageBody":"x"}' could not be used to start the Task: [The value for the field 'QueueUrl' must be a STRING]`,
        ) as string,
      });
    });

    it('say which services there are', async () => {
      expect(await integration('aws-sdk:glacier:listVaults', {})).toMatchObject({
        error: 'States.Runtime',
        cause: expect.stringContaining('sfn, sns, sqs') as string,
      });
    });
  });
});
