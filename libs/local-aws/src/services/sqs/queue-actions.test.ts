import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { ROOT } from '../../../test/test-world.ts';
import { createTestSqs } from './testing.ts';

const seconds = String(Date.UTC(2026, 0, 1) / 1000);

describe('a queue', () => {
  test('has the attributes of AWS', async () => {
    const { sqs, queueArn } = await createTestSqs({ VisibilityTimeout: '20' });
    expect(await sqs('GetQueueAttributes', { AttributeNames: ['All'] })).toEqual({
      Attributes: {
        QueueArn: queueArn,
        ApproximateNumberOfMessages: '0',
        ApproximateNumberOfMessagesNotVisible: '0',
        ApproximateNumberOfMessagesDelayed: '0',
        CreatedTimestamp: seconds,
        LastModifiedTimestamp: seconds,
        VisibilityTimeout: '20',
        MaximumMessageSize: '1048576',
        MessageRetentionPeriod: '345600',
        DelaySeconds: '0',
        ReceiveMessageWaitTimeSeconds: '0',
        SqsManagedSseEnabled: 'true',
      },
    });
    expect(await sqs('GetQueueAttributes')).toEqual({});
    expect(await sqs('GetQueueAttributes', { AttributeNames: ['QueueArn', 'Policy'] })).toEqual({
      Attributes: { QueueArn: queueArn },
    });
  });

  test('can be changed, and a policy taken away', async () => {
    const { sqs, clock } = await createTestSqs();
    await clock.advance(5_000);
    await sqs('SetQueueAttributes', { Attributes: { VisibilityTimeout: '7', Policy: '{}' } });
    const get = () =>
      sqs('GetQueueAttributes', { AttributeNames: ['VisibilityTimeout', 'Policy', 'LastModifiedTimestamp'] });
    const LastModifiedTimestamp = String(Number(seconds) + 5);
    expect(await get()).toEqual({ Attributes: { VisibilityTimeout: '7', Policy: '{}', LastModifiedTimestamp } });
    await sqs('SetQueueAttributes', { Attributes: { Policy: '' } });
    expect(await get()).toEqual({ Attributes: { VisibilityTimeout: '7', LastModifiedTimestamp } });
  });

  test('is created once, whatever is said again', async () => {
    const { sqs, queueUrl } = await createTestSqs({ DelaySeconds: '3' });
    const create = (Attributes: object) => sqs('CreateQueue', { QueueName: 'jobs', Attributes });
    expect(queueUrl).toBe('http://127.0.0.1:4577/123456789012/jobs');
    expect(await create({})).toEqual({ QueueUrl: queueUrl });
    expect(await create({ DelaySeconds: '3', VisibilityTimeout: '30' })).toEqual({ QueueUrl: queueUrl });
    expect(await sqs('GetQueueUrl', { QueueName: 'jobs' })).toEqual({ QueueUrl: queueUrl });
    expect(await refusalOf(create({ DelaySeconds: '1' }))).toBe(
      'QueueNameExists: A queue already exists with the same name and a different value for attribute DelaySeconds',
    );
  });

  test('is found by the last two parts of any URL', async () => {
    const { sqs } = await createTestSqs();
    for (const host of ['https://sqs.eu-west-1.amazonaws.com', 'http://localhost:1/queue']) {
      await sqs('SendMessage', { QueueUrl: `${host}/123456789012/jobs`, MessageBody: 'x' });
    }
  });

  test('is listed by prefix and page', async () => {
    const { sqs, createQueue } = await createTestSqs();
    const urls: string[] = [];
    for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) urls.push((await createQueue(name)).url);
    expect(await sqs('ListQueues', { QueueNamePrefix: 'a-' })).toEqual({ QueueUrls: urls.slice(0, 3) });
    const first = await sqs('ListQueues', { QueueNamePrefix: 'a-', MaxResults: 2 });
    expect(first).toEqual({ QueueUrls: urls.slice(0, 2), NextToken: expect.any(String) as string });
    const rest = await sqs('ListQueues', { QueueNamePrefix: 'a-', MaxResults: 2, NextToken: first['NextToken'] });
    expect(rest).toEqual({ QueueUrls: urls.slice(2, 3) });
    expect(await sqs('ListQueues', { QueueNamePrefix: 'z' })).toEqual({});
    expect(await refusalOf(sqs('ListQueues', { NextToken: 'x' }))).toMatch(/^InvalidParameterValue: .* next token/);
  });

  test('loses its messages by a purge, once a minute', async () => {
    const { send, sqs, clock, receive, counts } = await createTestSqs();
    await send('visible');
    await send('delayed', { DelaySeconds: 1 });
    await send('in flight');
    await receive(1);
    await sqs('PurgeQueue');
    expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await clock.advance(59_999);
    expect(await refusalOf(sqs('PurgeQueue'))).toBe(
      'PurgeQueueInProgress: Only one PurgeQueue operation on jobs is allowed every 60 seconds.',
    );
    await clock.advance(1);
    await sqs('PurgeQueue');
    expect(await receive()).toEqual([]);
  });

  test('is gone when it is deleted', async () => {
    const { send, sqs, createQueue, receive } = await createTestSqs();
    await send('lost');
    await sqs('DeleteQueue');
    expect(await refusalOf(sqs('SendMessage', { MessageBody: 'x' }))).toMatch(/^QueueDoesNotExist/);
    expect(await refusalOf(sqs('GetQueueUrl', { QueueName: 'jobs' }))).toMatch(/^QueueDoesNotExist/);
    await createQueue('jobs');
    expect(await receive()).toEqual([]);
  });

  test('wears tags', async () => {
    const { sqs } = await createTestSqs();
    expect(await sqs('ListQueueTags')).toEqual({});
    await sqs('TagQueue', { Tags: { team: 'a', stage: 'dev' } });
    await sqs('UntagQueue', { TagKeys: ['stage'] });
    expect(await sqs('ListQueueTags')).toEqual({ Tags: { team: 'a' } });
    const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, 'x']));
    expect(await refusalOf(sqs('TagQueue', { Tags }))).toBe(
      'InvalidParameterValue: Too many tags added for queue jobs.',
    );
    expect(await sqs('ListQueueTags')).toEqual({ Tags: { team: 'a' } });
  });
});

test.each([
  [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.'],
  [{ DelaySeconds: '-1' }, 'InvalidAttributeValue: Invalid value for the parameter DelaySeconds.'],
  [{ MaximumMessageSize: '1023' }, 'InvalidAttributeValue: Invalid value for the parameter MaximumMessageSize.'],
  [
    { MessageRetentionPeriod: 'long' },
    'InvalidAttributeValue: Invalid value for the parameter MessageRetentionPeriod.',
  ],
  [{ Colour: 'red' }, 'InvalidAttributeName: Unknown Attribute Colour.'],
  [{ FifoQueue: 'false' }, 'InvalidAttributeName: Unknown Attribute FifoQueue.'],
  [{ ContentBasedDeduplication: 'true' }, 'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.'],
  [{ KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' }, /^InvalidAttributeName: You can use one type/],
])('a queue with %j is refused with %s', async (Attributes, refusal) => {
  const { sqs } = await createTestSqs();
  expect(await refusalOf(sqs('CreateQueue', { QueueName: 'other', Attributes }))).toMatch(refusal);
});

test.each([
  [
    'a b',
    {},
    'InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  ],
  ['a.fifo', {}, /^InvalidParameterValue: Can only include/],
  ['a', { FifoQueue: 'true' }, /^InvalidParameterValue: The name of a FIFO queue .* must end with .fifo suffix/],
  ['', {}, 'MissingParameter: The request must contain the parameter QueueName.'],
])('a queue named %j with %j is refused with %s', async (QueueName, Attributes, refusal) => {
  const { sqs } = await createTestSqs();
  expect(await refusalOf(sqs('CreateQueue', { QueueName, Attributes }))).toMatch(refusal);
});

describe('IAM sees', () => {
  const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/other';
  const other = 'arn:aws:sqs:us-east-1:111122223333:other';
  const SourceArn = 'arn:aws:sqs:eu-west-1:111122223333:dead';
  test.each([
    ['CreateQueue', { QueueName: 'new' }, 'arn:aws:sqs:us-east-1:123456789012:new'],
    ['GetQueueUrl', { QueueName: 'jobs' }, 'arn:aws:sqs:us-east-1:123456789012:jobs'],
    ['GetQueueUrl', { QueueName: 'other', QueueOwnerAWSAccountId: '111122223333' }, other],
    ['ListQueues', {}, '*'],
    ['SendMessage', { QueueUrl: url, MessageBody: 'x' }, other],
    ['SendMessageBatch', { QueueUrl: url }, other],
    ['ReceiveMessage', { QueueUrl: url }, other],
    ['DeleteMessage', { QueueUrl: url, ReceiptHandle: 'x' }, other],
    ['GetQueueAttributes', { QueueUrl: url }, other],
    ['StartMessageMoveTask', { SourceArn }, SourceArn],
    ['CancelMessageMoveTask', { TaskHandle: Buffer.from(`${SourceArn} 7`).toString('base64') }, SourceArn],
    ['CancelMessageMoveTask', { TaskHandle: 'x' }, '*'],
  ])('%s of %j as %s', async (action, input, arn) => {
    const { service } = await createTestSqs();
    expect(service.actions[action]?.prepare(input, ROOT).resources).toEqual([arn]);
  });
});
