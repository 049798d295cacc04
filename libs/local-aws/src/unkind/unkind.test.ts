import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalAws, type LocalAws } from '../local-aws.ts';
import type { ManualClock } from '../kernel/clock/manual-clock.ts';
import type { JsonObject } from '../kernel/service.ts';
import { createFunction, invokeFunction } from '../testing.ts';
import { createUnkindness } from './unkind.ts';

let aws: LocalAws<ManualClock>;
beforeEach(() => {
  aws = createLocalAws({ clock: 'manual', unkind: 1 });
});
afterEach(() => aws.close());

const MINUTE = 60_000;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

test('the same seed chooses the same, another seed does not', () => {
  const choices = (seed: number) => {
    const { indexLag, eventLags, breaks } = createUnkindness(seed, aws.clock);
    return numbers(100).map(() => [indexLag(), eventLags(), breaks()]);
  };
  expect(choices(1)).toEqual(choices(1));
  expect(choices(1)).not.toEqual(choices(2));
});

test('an index follows its table late, and in order', async () => {
  const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
  await aws.call('dynamodb:CreateTable', {
    TableName: 'jobs',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['id', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [key('id', 'HASH')],
    GlobalSecondaryIndexes: [
      { IndexName: 'by-state', KeySchema: [key('state', 'HASH')], Projection: { ProjectionType: 'ALL' } },
    ],
  });
  const put = (id: string, state: string) =>
    aws.call('dynamodb:PutItem', { TableName: 'jobs', Item: { id: { S: id }, state: { S: state } } });
  const count = async (state: string) => {
    const ExpressionAttributeValues = { ':state': { S: state } };
    const KeyConditionExpression = '#state = :state';
    const names = { ExpressionAttributeNames: { '#state': 'state' }, ExpressionAttributeValues };
    return (
      await aws.call('dynamodb:Query', { TableName: 'jobs', IndexName: 'by-state', KeyConditionExpression, ...names })
    )['Count'];
  };
  for (const id of numbers(20)) await put(String(id), 'open');
  expect(await count('open')).toBeLessThan(20);
  for (const id of numbers(20)) await put(String(id), 'done');
  await aws.clock.advance(MINUTE);
  expect([await count('open'), await count('done')]).toEqual([0, 20]);
});

test('events come late, each at least once and some twice', async () => {
  const { QueueUrl } = await aws.call('sqs:CreateQueue', { QueueName: 'seen' });
  const { Attributes } = await aws.call('sqs:GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  const Arn = String((Attributes as JsonObject)['QueueArn']);
  await aws.call('events:PutRule', { Name: 'all', EventPattern: '{"source":["test"]}' });
  await aws.call('events:PutTargets', { Rule: 'all', Targets: [{ Id: 'queue', Arn }] });
  for (const number of numbers(100)) {
    const entry = { Source: 'test', DetailType: 'counted', Detail: JSON.stringify({ number }) };
    await aws.call('events:PutEvents', { Entries: [entry] });
  }
  await aws.clock.advance(MINUTE);
  const seen = await receiveAll(String(QueueUrl));
  const eventIds = seen.map(({ Body }) => (JSON.parse(String(Body)) as { id: string }).id);
  expect(new Set(eventIds).size).toBe(100);
  expect(eventIds.length).toBeGreaterThan(100);
});

test('a queue delivers some messages again although they are in flight, and loses none; a FIFO queue does not', async () => {
  const { QueueUrl } = await aws.call('sqs:CreateQueue', { QueueName: 'jobs' });
  const fifo = { QueueName: 'jobs.fifo', Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } };
  const ordered = (await aws.call('sqs:CreateQueue', fifo))['QueueUrl'];
  for (const number of numbers(60)) {
    await aws.call('sqs:SendMessage', { QueueUrl, MessageBody: String(number) });
    await aws.call('sqs:SendMessage', { QueueUrl: ordered, MessageBody: String(number), MessageGroupId: 'one' });
  }
  await aws.clock.advance(MINUTE);
  const bodies = (await receiveAll(String(QueueUrl))).map(({ Body }) => Number(Body));
  expect(new Set(bodies).size).toBe(60);
  expect(bodies.length).toBeGreaterThan(60);
  expect((await receiveAll(String(ordered))).map(({ Body }) => Number(Body))).toEqual(numbers(60));
});

/** Receives until nothing comes any more, as a worker whose first messages are still in flight. */
async function receiveAll(QueueUrl: string): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  for (let empty = 0; empty < 3;) {
    const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 };
    const { Messages = [] } = await aws.call('sqs:ReceiveMessage', request);
    const received = Messages as JsonObject[];
    empty = received.length === 0 ? empty + 1 : 0;
    all.push(...received);
    if (QueueUrl.endsWith('.fifo')) {
      for (const { ReceiptHandle } of received) await aws.call('sqs:DeleteMessage', { QueueUrl, ReceiptHandle });
    }
    await aws.clock.advance(3_000);
  }
  return all;
}

test('environments of functions are taken away', async () => {
  await createFunction(aws, 'f', 'let calls = 0; export const handler = async () => (calls += 1);');
  const calls: unknown[] = [];
  for (const _ of numbers(5)) {
    calls.push((await invokeFunction(aws, 'f')).payload);
    await aws.clock.advance(11 * MINUTE);
  }
  expect(calls).toEqual([1, 1, 1, 1, 1]);
});

test('a quota that others have used up throttles for a while', async () => {
  const refusals: unknown[] = [];
  const list = () =>
    aws.call('states:ListExecutions', { stateMachineArn: 'x' }).then(
      () => undefined,
      (error: Error) => error.message,
    );
  for (const _ of numbers(400)) refusals.push(await list());
  expect(refusals).toContain('Rate exceeded');
  await aws.clock.advance(MINUTE);
  expect(await list()).not.toBe('Rate exceeded');
});

test('connections break, before a request was acted on and after', async () => {
  const url = await aws.listen();
  const headers = {
    authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request',
    'x-amz-target': 'AmazonSQS.CreateQueue',
    'content-type': 'application/x-amz-json-1.0',
  };
  const create = (number: number) =>
    fetch(url, { method: 'POST', headers, body: JSON.stringify({ QueueName: `q${number}` }) }).then(
      () => true,
      () => false,
    );
  const answered: boolean[] = [];
  for (const number of numbers(300)) answered.push(await create(number));
  const { QueueUrls } = await aws.call('sqs:ListQueues', { MaxResults: 1_000 });
  const acted = (QueueUrls as string[]).length;
  const heard = answered.filter(Boolean).length;
  expect(heard).toBeLessThan(acted);
  expect(acted).toBeLessThan(300);
});
