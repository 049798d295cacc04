/** What the adapters ask of AWS and make of its answers, over the SDK's own clients whose sending is replaced. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { failure, success } from '../wire/outcome.ts';
import { EXECUTION_ARN, INSTANCE_ID, sampleRow, sampleToken, START, tokenText } from '../testing/samples.ts';
import { ssmCommandObserver, ssmCommandSender } from './ssm-commands.ts';
import { stepFunctionsExecutions } from './step-functions-executions.ts';
import { stepFunctionsTaskClient } from './step-functions-task-client.ts';

interface Call {
  readonly name: string;
  readonly input: object;
}

/** The client gives these answers, in order, then empty ones. */
function answering<Client extends object>(client: Client, answers: unknown[]): { calls: Call[]; client: Client } {
  const calls: Call[] = [];
  const send = async (command: { constructor: { name: string }; input: object }): Promise<unknown> => {
    calls.push({ name: command.constructor.name, input: { ...command.input } });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  };
  return { calls, client: Object.assign(client, { send }) };
}
const ssmAnswering = (...answers: unknown[]) => answering(new SSMClient({ region: 'eu-central-1' }), answers);
const sfnAnswering = (...answers: unknown[]) => answering(new SFNClient({ region: 'eu-central-1' }), answers);
/** Sends by the first client, looks by the second. */
const sender = (single: SSMClient, repeating = single) => ssmCommandSender({ single, repeating }, 'run-document');

const named = (name: string): Error => Object.assign(new Error(name), { name });
const { callbackId } = sampleRow();
const command = { callbackId, instanceId: INSTANCE_ID, timeoutSeconds: 3600 };

describe('the command sender', () => {
  it('sends the callbackId, as parameter and Comment, and nothing of the job (L3)', async () => {
    const ssm = ssmAnswering({ Command: { CommandId: 'command-1' } });
    const answer = await sender(ssm.client).send(command);
    expect(answer).toEqual({ answer: 'sent', commandId: 'command-1' });
    expect(ssm.calls[0]!.input).toEqual({
      DocumentName: 'run-document',
      InstanceIds: [INSTANCE_ID],
      Parameters: { callbackId: [callbackId], executionTimeout: ['3600'] },
      Comment: callbackId,
      TimeoutSeconds: 3600,
    });
  });

  it('keeps to the least that SSM and its agent take', async () => {
    const ssm = ssmAnswering();
    await sender(ssm.client).send({ ...command, timeoutSeconds: 2 });
    expect(ssm.calls[0]!.input).toMatchObject({ Parameters: { executionTimeout: ['5'] }, TimeoutSeconds: 30 });
  });

  it.each([
    ['InvalidInstanceId', { answer: 'refused', code: 'HostNotAvailable' }],
    ['InvalidDocument', { answer: 'refused', code: 'InvalidRequest' }],
    ['AccessDeniedException', { answer: 'refused', code: 'NotAuthorized' }],
    ['ThrottlingException', { answer: 'throttled' }],
    ['TimeoutError', { answer: 'unknown' }],
    ['InternalServerError', { answer: 'unknown' }],
  ])('%s is %j', async (name, answer) => {
    expect(await sender(ssmAnswering(named(name)).client).send(command)).toMatchObject(answer);
  });

  it.each([
    [
      `arn:aws:ec2:eu-central-1:111122223333:instance/${INSTANCE_ID}`,
      'because no identity-based policy',
      'HostNotAvailable',
    ],
    [`arn:aws:ec2:eu-central-1:111122223333:instance/${INSTANCE_ID}`, 'with an explicit deny', 'NotAuthorized'],
    ['arn:aws:ssm:eu-central-1:111122223333:document/run', 'because no identity-based policy', 'NotAuthorized'],
  ])('a denial on %s, %s, is %s', async (resource, reason, code) => {
    const user = 'arn:aws:sts::111122223333:assumed-role/baton-dispatcher/baton-dispatcher';
    const denied = Object.assign(
      new Error(
        `User: ${user} is not authorized to perform: ssm:SendCommand on resource: ${resource} ${reason} allows the ssm:SendCommand action`,
      ),
      { name: 'AccessDeniedException' },
    );
    expect(await sender(ssmAnswering(denied).client).send(command)).toMatchObject({ answer: 'refused', code });
  });

  it('finds a command by its Comment, page after page, from a minute before', async () => {
    const single = ssmAnswering(new Error('sends only'));
    const ssm = ssmAnswering(
      { Commands: [{ CommandId: 'other', Comment: 'x' }], NextToken: 'more' },
      { Commands: [{ CommandId: 'command-1', Comment: callbackId }] },
    );
    expect(await sender(single.client, ssm.client).find(callbackId, START)).toBe('command-1');
    expect(ssm.calls[1]!.input).toMatchObject({
      NextToken: 'more',
      Filters: [
        { key: 'DocumentName', value: 'run-document' },
        { key: 'InvokedAfter', value: '2026-03-01T11:59:00Z' },
      ],
    });
    expect(await sender(single.client, ssmAnswering().client).find(callbackId, START)).toBeUndefined();
  });

  it('gives up the search after ten pages, unless the tenth is the last', async () => {
    const page = { Commands: [], NextToken: 'more' };
    const pages = Array.from({ length: 9 }, () => page);
    const endless = ssmAnswering(...pages, page, page);
    await expect(sender(endless.client).find(callbackId, START)).rejects.toThrow('too many commands');
    expect(endless.calls).toHaveLength(10);
    expect(await sender(ssmAnswering(...pages, {}).client).find(callbackId, START)).toBeUndefined();
  });
});

describe('the command observer', () => {
  it('reads the callbackId from the Comment, and takes no other text for one', async () => {
    const observer = (Comment?: string) =>
      ssmCommandObserver(ssmAnswering({ Commands: [{ CommandId: 'command-1', Comment }] }).client);
    expect(await observer(callbackId).callbackIdOf('command-1')).toBe(callbackId);
    expect(await observer('patch tuesday').callbackIdOf('command-1')).toBeUndefined();
    expect(await observer().callbackIdOf('command-1')).toBeUndefined();
  });

  it('knows no invocation where SSM knows none, and throws for any other trouble', async () => {
    const unknown = ssmCommandObserver(ssmAnswering(named('InvocationDoesNotExist')).client);
    expect(await unknown.invocation('command-1', INSTANCE_ID)).toBeUndefined();
    const broken = ssmCommandObserver(ssmAnswering(named('InternalServerError')).client);
    await expect(broken.invocation('command-1', INSTANCE_ID)).rejects.toThrow('InternalServerError');
  });
});

describe('the task client', () => {
  it('tells each kind of outcome by its call, with the real token', async () => {
    const sfn = sfnAnswering();
    const tasks = stepFunctionsTaskClient(sfn.client);
    expect(await tasks.completeTask(sampleToken(), success([1]))).toEqual({ answer: 'accepted' });
    expect(await tasks.completeTask(sampleToken(), failure('E', 'why'))).toEqual({ answer: 'accepted' });
    expect(await tasks.heartbeat(sampleToken())).toEqual({ answer: 'accepted' });
    const taskToken = tokenText('first');
    expect(sfn.calls).toEqual([
      { name: 'SendTaskSuccessCommand', input: { taskToken, output: '[1]' } },
      { name: 'SendTaskFailureCommand', input: { taskToken, error: 'E', cause: 'why' } },
      { name: 'SendTaskHeartbeatCommand', input: { taskToken } },
    ]);
  });

  it('never rejects: an error is an answer', async () => {
    const tasks = stepFunctionsTaskClient(sfnAnswering(named('TaskTimedOut')).client);
    expect(await tasks.heartbeat(sampleToken())).toEqual({ answer: 'gone', error: 'TaskTimedOut' });
  });
});

describe('the execution’s history', () => {
  const fate = (answers: unknown[]) => {
    const sfn = sfnAnswering(...answers);
    return { sfn, asked: stepFunctionsExecutions(sfn.client).fateOf(EXECUTION_ARN, sampleToken()) };
  };
  const scheduled = {
    id: 3,
    previousEventId: 2,
    type: 'TaskScheduled',
    taskScheduledEventDetails: { parameters: JSON.stringify({ taskToken: tokenText('first') }) },
  };

  it('is read backwards, until the task is found', async () => {
    const { sfn, asked } = fate([
      { events: [{ id: 4, previousEventId: 3, type: 'TaskSucceeded' }], nextToken: 'older' },
      { events: [scheduled] },
    ]);
    expect(await asked).toEqual({ fate: 'succeeded' });
    expect(sfn.calls.map((call) => call.input)).toMatchObject([{ reverseOrder: true }, { nextToken: 'older' }]);
  });

  it('is given up after ten pages', async () => {
    const { sfn, asked } = fate(Array.from({ length: 20 }, () => ({ events: [], nextToken: 'older' })));
    expect(await asked).toMatchObject({ fate: 'unknown' });
    expect(sfn.calls).toHaveLength(10);
  });

  it('of no execution means that the task is no more; what cannot be read says nothing', async () => {
    expect(await fate([named('ExecutionDoesNotExist')]).asked).toMatchObject({ fate: 'closed' });
    expect(await fate([named('AccessDeniedException')]).asked).toEqual({
      fate: 'unknown',
      why: 'AccessDeniedException',
    });
    expect(await fate([{ events: [] }]).asked).toMatchObject({ fate: 'unknown' });
  });
});
