import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/service.ts';
import { refusalOf } from '../../../test/refusal-of.ts';
import { bodies, createTestSqs, type Received } from './testing.ts';

/** `jobs` gives up after two receipts. */
async function createWithDeadLetters() {
  const test = await createTestSqs({ VisibilityTimeout: '10' });
  const dead = await test.createQueue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  await test.sqs('SetQueueAttributes', { Attributes: { RedrivePolicy } });
  const receiveAndForget = async () => {
    const messages = await test.receive();
    await test.clock.advance(10_000);
    return messages;
  };
  const bury = async (body: string) => {
    await test.send(body);
    for (let receipt = 0; receipt < 3; receipt += 1) await receiveAndForget();
  };
  const receiveDead = async (): Promise<Received | undefined> => (await test.receive(1, { QueueUrl: dead.url }))[0];
  return { ...test, dead, receiveAndForget, bury, receiveDead };
}

describe('a dead-letter queue', () => {
  test('gets a message instead of its consumer when the receipts are used up', async () => {
    const { send, receiveAndForget, receiveDead, queueArn, counts } = await createWithDeadLetters();
    const MessageId = await send('poison');
    expect(bodies(await receiveAndForget())).toEqual(['poison']);
    expect(bodies(await receiveAndForget())).toEqual(['poison']);
    expect(await counts()).toMatchObject({ visible: 1 });
    expect(await receiveAndForget()).toEqual([]);
    expect(await receiveDead()).toMatchObject({
      MessageId,
      Body: 'poison',
      Attributes: {
        SentTimestamp: String(Date.UTC(2026, 0, 1)),
        ApproximateReceiveCount: '3',
        DeadLetterQueueSourceArn: queueArn,
      },
    });
  });

  test('wakes a long poll of its own', async () => {
    const { send, receive, receiveAndForget, dead } = await createWithDeadLetters();
    await send('poison');
    await receiveAndForget();
    await receiveAndForget();
    const poll = receive(1, { QueueUrl: dead.url, WaitTimeSeconds: 20 });
    await receiveAndForget();
    expect(bodies(await poll)).toEqual(['poison']);
  });

  test('counts the retention from the first sending', async () => {
    const { sqs, dead, bury, receiveDead, clock } = await createWithDeadLetters();
    await sqs('SetQueueAttributes', { QueueUrl: dead.url, Attributes: { MessageRetentionPeriod: '60' } });
    await bury('poison');
    await clock.advance(30_000);
    expect(await receiveDead()).toBeUndefined();
  });

  test('is known to the queues that use it, and not used once it is gone', async () => {
    const { sqs, dead, queueUrl, bury, receive } = await createWithDeadLetters();
    expect(await sqs('ListDeadLetterSourceQueues', { QueueUrl: dead.url })).toEqual({ queueUrls: [queueUrl] });
    await sqs('DeleteQueue', { QueueUrl: dead.url });
    await bury('stays');
    expect(bodies(await receive())).toEqual(['stays']);
  });

  test.each([
    ['no JSON', 'x', /Redrive policy is not a valid JSON map/],
    ['no target', '{"maxReceiveCount":1}', /does not contain mandatory attribute: deadLetterTargetArn/],
    ['no count', '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:dead"}', /mandatory attribute: maxReceiveCount/],
    [
      'a target that is no ARN',
      '{"deadLetterTargetArn":"dummy","maxReceiveCount":42}',
      /Invalid value for deadLetterTargetArn\.$/,
    ],
    [
      'a count of 0',
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:dead","maxReceiveCount":0}',
      /between 1 and 1000/,
    ],
    [
      'a target that is not there',
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:none","maxReceiveCount":1}',
      /Reason: Dead letter target does not exist\.$/,
    ],
    [
      'a target of the other type',
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dead.fifo","maxReceiveCount":1}',
      /must be same type of queue as the source\.$/,
    ],
  ])('cannot be named by a policy with %s', async (_, RedrivePolicy, refusal) => {
    const { sqs, createQueue } = await createTestSqs();
    await createQueue('dead.fifo', { FifoQueue: 'true' });
    expect(await refusalOf(sqs('SetQueueAttributes', { Attributes: { RedrivePolicy } }))).toMatch(refusal);
  });
});

describe('a move task', () => {
  test('brings messages back as new ones', async () => {
    const { sqs, bury, dead, receive } = await createWithDeadLetters();
    await bury('poison');
    const { TaskHandle } = await sqs('StartMessageMoveTask', { SourceArn: dead.arn });
    expect(TaskHandle).toEqual(expect.any(String));
    const [message] = await receive();
    expect(message).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
    expect(message!.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    const { Results } = await sqs('ListMessageMoveTasks', { SourceArn: dead.arn });
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  });

  test('keeps to its speed and can be cancelled', async () => {
    const { sqs, dead, clock, counts, createQueue } = await createWithDeadLetters();
    const Entries = ['1', '2', '3', '4', '5'].map((Id) => ({ Id, MessageBody: Id }));
    await sqs('SendMessageBatch', { QueueUrl: dead.url, Entries });
    const other = await createQueue('other');
    const input: JsonObject = { SourceArn: dead.arn, DestinationArn: other.arn, MaxNumberOfMessagesPerSecond: 2 };
    const { TaskHandle } = await sqs('StartMessageMoveTask', input);
    expect(await refusalOf(sqs('StartMessageMoveTask', input))).toMatch(/already a task running/);
    await clock.advance(1_000);
    expect(await counts(other.url)).toMatchObject({ visible: 4 });
    const cancelled = await sqs('CancelMessageMoveTask', { TaskHandle });
    expect(cancelled).toEqual({ ApproximateNumberOfMessagesMoved: 4 });
    await clock.advance(10_000);
    expect(await counts(dead.url)).toMatchObject({ visible: 1 });
  });

  test('begins at a dead-letter queue only', async () => {
    const { sqs, queueArn } = await createTestSqs();
    expect(await refusalOf(sqs('StartMessageMoveTask', { SourceArn: queueArn }))).toBe(
      'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.',
    );
    expect(await refusalOf(sqs('StartMessageMoveTask', { SourceArn: 'arn:aws:sqs:us-east-1:123456789012:x' }))).toBe(
      "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  });
});
