import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import { createFunction } from '../../testing.ts';

let aws: LocalAws<ManualClock>;
let queueUrl: string;
beforeEach(async () => {
  aws = createLocalAws({ clock: 'manual' });
  queueUrl = String((await aws.call('sqs:CreateQueue', { QueueName: 'results' }))['QueueUrl']);
});
afterEach(() => aws.close());

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:123456789012:results';
const FAILING = 'export const handler = async () => { throw new Error("no"); };';

const invokeLater = (name: string, event: unknown) =>
  aws.call('lambda:Invoke', { FunctionName: name, InvocationType: 'Event', Payload: JSON.stringify(event) });

const runs = (name: string): number =>
  aws.logs.lines(`/aws/lambda/${name}`).filter((line) => line.message.startsWith('START')).length;

async function received(): Promise<Record<string, unknown>[]> {
  const { Messages = [] } = await aws.call('sqs:ReceiveMessage', { QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
  return (Messages as { Body: string }[]).map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
}

test('an event is answered at once and run in its own time', async () => {
  await createFunction(aws, 'f', 'export const handler = async () => 1;');
  expect(await invokeLater('f', {})).toEqual({ StatusCode: 202 });
  await aws.activity.idle();
  expect(runs('f')).toBe(1);
});

test('a failure is tried again after one and after two minutes, and then goes to its destination', async () => {
  await createFunction(aws, 'f', FAILING);
  const DestinationConfig = { OnFailure: { Destination: QUEUE_ARN } };
  await aws.call('lambda:PutFunctionEventInvokeConfig', { FunctionName: 'f', DestinationConfig });
  await invokeLater('f', { a: 1 });
  const seen: number[] = [];
  for (const wait of [0, 59_999, 1, 119_999, 1, 3600_000]) {
    await aws.clock.advance(wait);
    seen.push(runs('f'));
  }
  expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
  expect(await received()).toMatchObject([
    {
      version: '1.0',
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no' },
    },
  ]);
});

test('retries can be turned off, and the event itself goes to a dead-letter queue', async () => {
  await createFunction(aws, 'f', FAILING, { DeadLetterConfig: { TargetArn: QUEUE_ARN } });
  await aws.call('lambda:PutFunctionEventInvokeConfig', { FunctionName: 'f', MaximumRetryAttempts: 0 });
  await invokeLater('f', { a: 1 });
  await aws.activity.idle();
  expect(await received()).toEqual([{ a: 1 }]);
});

test('a success goes to its destination', async () => {
  await createFunction(aws, 'f', 'export const handler = async () => "done";');
  const DestinationConfig = { OnSuccess: { Destination: QUEUE_ARN } };
  await aws.call('lambda:PutFunctionEventInvokeConfig', { FunctionName: 'f', DestinationConfig });
  await invokeLater('f', {});
  await aws.activity.idle();
  expect(await received()).toMatchObject([{ requestContext: { condition: 'Success' }, responsePayload: 'done' }]);
});

/** Each makes a target whose messages end in the queue. */
const targets: Record<string, () => Promise<string>> = {
  async 'a topic'() {
    const { TopicArn } = await aws.call('sns:CreateTopic', { Name: 't' });
    const Attributes = { RawMessageDelivery: 'true' };
    await aws.call('sns:Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN, Attributes });
    return String(TopicArn);
  },
  async 'an event bus'() {
    const EventPattern = JSON.stringify({ 'detail-type': ['Lambda Function Invocation Result - Failure'] });
    await aws.call('events:PutRule', { Name: 'r', EventPattern });
    await aws.call('events:PutTargets', {
      Rule: 'r',
      Targets: [{ Id: 'q', Arn: QUEUE_ARN, InputPath: '$.detail' }],
    });
    return 'arn:aws:events:us-east-1:123456789012:event-bus/default';
  },
  async 'another function'() {
    const arn = await createFunction(aws, 'g', 'export const handler = async (event) => ({ passed: event });');
    const DestinationConfig = { OnSuccess: { Destination: QUEUE_ARN } };
    await aws.call('lambda:PutFunctionEventInvokeConfig', { FunctionName: 'g', DestinationConfig });
    return arn;
  },
};

test.each(Object.keys(targets))('%s is a destination too', async (kind) => {
  await createFunction(aws, 'f', FAILING);
  const Destination = await targets[kind]!();
  await aws.call('lambda:PutFunctionEventInvokeConfig', {
    FunctionName: 'f',
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination } },
  });
  await invokeLater('f', { a: 1 });
  await aws.activity.idle();
  const record = { requestContext: { condition: 'RetriesExhausted' }, requestPayload: { a: 1 } };
  const [arrived] = await received();
  expect(kind === 'another function' ? arrived?.['requestPayload'] : arrived).toMatchObject(record);
});

test('a throttled event waits for its turn, until it is too old', async () => {
  await createFunction(aws, 'f', 'export const handler = async () => 1;');
  await aws.call('lambda:PutFunctionConcurrency', { FunctionName: 'f', ReservedConcurrentExecutions: 0 });
  await aws.call('lambda:PutFunctionEventInvokeConfig', {
    FunctionName: 'f',
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
  });
  await invokeLater('f', {});
  await aws.clock.advance(50_000);
  expect(await received()).toEqual([]);
  await aws.clock.advance(600_000);
  expect(runs('f')).toBe(0);
  expect(await received()).toMatchObject([{ requestContext: { condition: 'EventAgeExceeded' } }]);
});
