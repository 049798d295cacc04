import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createFunction } from '../../testing.ts';
import { doneMessages, type ReceivedMessage } from './sqs-batch.ts';

let aws: LocalAws<ManualClock>;
let queueUrl: string;
beforeEach(async () => {
  aws = createLocalAws({ clock: 'manual' });
  queueUrl = String((await aws.call('sqs:CreateQueue', { QueueName: 'work' }))['QueueUrl']);
});
afterEach(() => aws.close());

/** Logs the batch and fails those messages that say so. */
const WORKER = `export const handler = async ({ Records }) => {
  console.log('batch:', Records.map(({ body }) => body).join());
  if (Records.some(({ body }) => body === 'throw')) throw new Error('thrown');
  return { batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

const map = (settings: JsonObject = {}) =>
  aws.call('lambda:CreateEventSourceMapping', {
    FunctionName: 'worker',
    EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:work',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...settings,
  });

const send = (...bodies: string[]) =>
  aws.call('sqs:SendMessageBatch', {
    QueueUrl: queueUrl,
    Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
  });

const batches = (): string[] =>
  aws.logs.lines('/aws/lambda/worker').flatMap(({ message }) => /batch: (.*)/.exec(message)?.[1] ?? []);

async function left(): Promise<number> {
  const input = { QueueUrl: queueUrl, AttributeNames: ['All'] };
  const { Attributes } = (await aws.call('sqs:GetQueueAttributes', input)) as { Attributes: Record<string, string> };
  return (
    Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible'])
  );
}

test('a mapping has tags', async () => {
  await createFunction(aws, 'worker', WORKER);
  const { EventSourceMappingArn: Resource } = await map({ Tags: { a: '1' } });
  await aws.call('lambda:TagResource', { Resource, Tags: { b: '2' } });
  await aws.call('lambda:UntagResource', { Resource, TagKeys: ['a'] });
  expect(await aws.call('lambda:ListTags', { Resource })).toEqual({ Tags: { b: '2' } });
});

test('messages come in batches, and those that fail come back by the visibility timeout', async () => {
  await createFunction(aws, 'worker', WORKER);
  await map();
  await send('a', 'bad', 'b');
  await aws.activity.idle();
  expect(batches()).toEqual(['a,bad,b']);
  expect(await left()).toBe(1);
  await aws.clock.advance(30_000);
  expect(batches()).toEqual(['a,bad,b', 'bad']);
});

test('a function that throws keeps its whole batch', async () => {
  await createFunction(aws, 'worker', WORKER);
  await map();
  await send('a', 'throw');
  await aws.activity.idle();
  expect(await left()).toBe(2);
});

test('what waits before the mapping is made is taken too, and nothing is while it is disabled', async () => {
  await createFunction(aws, 'worker', WORKER);
  await send('early');
  const { UUID } = await map({ Enabled: false });
  await aws.activity.idle();
  expect(batches()).toEqual([]);
  await aws.call('lambda:UpdateEventSourceMapping', { UUID, Enabled: true });
  await aws.activity.idle();
  expect(batches()).toEqual(['early']);
  await aws.call('lambda:DeleteEventSourceMapping', { UUID });
  await send('late');
  await aws.activity.idle();
  expect(batches()).toEqual(['early']);
});

test('a batching window collects by the clock', async () => {
  await createFunction(aws, 'worker', WORKER);
  await map({ BatchSize: 20, MaximumBatchingWindowInSeconds: 5 });
  await send('a');
  await aws.clock.advance(4_000);
  await send('b', 'c');
  expect(batches()).toEqual([]);
  await aws.clock.advance(1_000);
  expect(batches()).toEqual(['a,b,c']);
});

test('a queue that hides messages more shortly than the function may run is refused', async () => {
  await createFunction(aws, 'worker', WORKER, { Timeout: 31 });
  await expect(map()).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: 'Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds',
  });
});

test('a queue that is not there, filters, and a batch over the limit are refused', async () => {
  await createFunction(aws, 'worker', WORKER);
  const code = 'InvalidParameterValueException';
  await expect(map({ EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:none' })).rejects.toMatchObject({ code });
  await expect(map({ FilterCriteria: {} })).rejects.toMatchObject({ code });
  await expect(map({ BatchSize: 11 })).rejects.toMatchObject({ code });
});

const messages = ['1', '2'].map((MessageId) => ({ MessageId }) as ReceivedMessage);
test.each([
  ['nothing', null, 2],
  ['no list', {}, 2],
  ['an empty list', { batchItemFailures: [] }, 2],
  ['one of the batch', { batchItemFailures: [{ itemIdentifier: '1' }] }, 1],
  ['one that is not of the batch', { batchItemFailures: [{ itemIdentifier: '9' }] }, 0],
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, 0],
  ['no identifier', { batchItemFailures: [{}] }, 0],
  ['no item', { batchItemFailures: [null] }, 0],
  ['no list at all', { batchItemFailures: 'x' }, 0],
])('a response with %s leaves as many done', (_, response, done) => {
  expect(doneMessages(messages, JSON.stringify(response), true)).toHaveLength(done);
  expect(doneMessages(messages, JSON.stringify(response), false)).toHaveLength(2);
});
