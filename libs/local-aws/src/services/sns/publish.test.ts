import { createVerify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/service.ts';
import { refusalOf } from '../../../test/refusal-of.ts';
import { createTestSns, parsed } from './testing.ts';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

describe('a queue that is subscribed', () => {
  test('gets the message in an envelope', async () => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    const SubscriptionArn = await subscribeQueue();
    const { MessageId } = await sns('Publish', {
      TopicArn: topicArn,
      Message: 'hello',
      Subject: 'greeting',
      MessageAttributes: { colour: text('red'), bytes: { DataType: 'Binary', BinaryValue: 'AAE=' } },
    });
    const [message] = await received();
    expect(parsed(message)).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: topicArn,
      Subject: 'greeting',
      Message: 'hello',
      Timestamp: '2026-01-01T00:00:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String) as string,
      SigningCertURL: 'http://127.0.0.1:4577/_aws/sns/SimpleNotificationService.pem',
      UnsubscribeURL: `http://127.0.0.1:4577/_aws/sns/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(SubscriptionArn)}`,
      MessageAttributes: {
        colour: { Type: 'String', Value: 'red' },
        bytes: { Type: 'Binary', Value: 'AAE=' },
      },
    } satisfies JsonObject);
  });

  test('gets the bare message where it asks for it', async () => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    await subscribeQueue({ RawMessageDelivery: 'true' });
    await sns('Publish', { TopicArn: topicArn, Message: 'hello', MessageAttributes: { colour: text('red') } });
    expect(await received()).toMatchObject([{ Body: 'hello', MessageAttributes: { colour: text('red') } }]);
  });

  test('gets its own text of a message with a structure', async () => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    await subscribeQueue({ RawMessageDelivery: 'true' });
    const publish = (texts: object) =>
      sns('Publish', { TopicArn: topicArn, MessageStructure: 'json', Message: JSON.stringify(texts) });
    await publish({ default: 'for all', sqs: 'for queues' });
    await publish({ default: 'for all', email: 'for people' });
    expect((await received()).map((message) => message['Body'])).toEqual(['for queues', 'for all']);
  });

  test('can verify the signature with the key behind SigningCertURL', async () => {
    const { sns, service, topicArn, subscribeQueue, received, follow } = await createTestSns();
    await sns('SetTopicAttributes', { TopicArn: topicArn, AttributeName: 'SignatureVersion', AttributeValue: '2' });
    await subscribeQueue();
    await sns('Publish', { TopicArn: topicArn, Message: 'hello' });
    const envelope = parsed((await received())[0]) as Record<string, string>;
    const key = await follow(envelope['SigningCertURL']!);
    const signed = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'];
    const canonical = signed.map((name) => `${name}\n${envelope[name]}\n`).join('');
    const verify = (content: string) =>
      createVerify('RSA-SHA256')
        .update(content)
        .verify(key.body as string, envelope['Signature']!, 'base64');
    expect(verify(canonical)).toBe(true);
    expect(verify(canonical.replace('hello', 'hullo'))).toBe(false);
    expect(service.outbox).toEqual([]);
  });

  test('gets nothing once it has unsubscribed by its link', async () => {
    const { sns, topicArn, subscribeQueue, received, follow } = await createTestSns();
    await subscribeQueue();
    await sns('Publish', { TopicArn: topicArn, Message: 'first' });
    const { UnsubscribeURL } = parsed((await received())[0]) as Record<string, string>;
    expect(await follow(UnsubscribeURL!)).toMatchObject({ status: 200 });
    await sns('Publish', { TopicArn: topicArn, Message: 'second' });
    expect(await received()).toEqual([]);
    const { Attributes } = await sns('GetTopicAttributes', { TopicArn: topicArn });
    expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' });
  });

  test('leaves what it cannot take to its dead-letter queue', async () => {
    const { sns, sqs, topicArn, subscribeQueue, received } = await createTestSns();
    const { QueueUrl } = await sqs('CreateQueue', { QueueName: 'gone' });
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:123456789012:inbox';
    await subscribeQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) }, 'gone');
    await sqs('DeleteQueue', { QueueUrl });
    await sns('Publish', { TopicArn: topicArn, Message: 'hello' });
    expect(parsed((await received())[0])).toMatchObject({ Type: 'Notification', Message: 'hello' });
  });
});

test('a function gets the event of AWS, asynchronously', async () => {
  const { sns, topicArn, invocations, activity } = await createTestSns();
  const Endpoint = 'arn:aws:lambda:us-east-1:123456789012:function:worker';
  const { SubscriptionArn } = await sns('Subscribe', { TopicArn: topicArn, Protocol: 'lambda', Endpoint });
  const { MessageId } = await sns('Publish', { TopicArn: topicArn, Message: 'hello' });
  await activity.idle();
  const [invocation] = invocations;
  expect(invocation).toMatchObject({ FunctionName: Endpoint, InvocationType: 'Event' });
  expect(JSON.parse((invocation!['Payload'] as Buffer).toString())).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: SubscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId,
          TopicArn: topicArn,
          Subject: null,
          Message: 'hello',
          Timestamp: '2026-01-01T00:00:00.000Z',
          SignatureVersion: '1',
          Signature: expect.any(String) as string,
          SigningCertUrl: expect.stringContaining('.pem') as string,
          UnsubscribeUrl: expect.stringContaining('Unsubscribe') as string,
          MessageAttributes: {},
        },
      },
    ],
  });
});

test('an address gets ten mails in a second; the next one suspends it, and Publish goes on succeeding', async () => {
  const { service, sns, topicArn, clock, follow } = await createTestSns();
  await sns('Subscribe', { TopicArn: topicArn, Protocol: 'email', Endpoint: 'anna@example.com' });
  await follow(service.outbox[0]!.confirmUrl!);
  const publish = async (count: number) => {
    for (let each = 0; each < count; each++) await sns('Publish', { TopicArn: topicArn, Message: 'hello' });
  };
  const pending = async () => {
    const { Attributes } = await sns('GetTopicAttributes', { TopicArn: topicArn });
    return Attributes as object;
  };
  await publish(10);
  await clock.advance(1_000);
  await publish(10);
  expect(await pending()).toMatchObject({ SubscriptionsPending: '0' });
  await publish(5);
  expect(await pending()).toMatchObject({ SubscriptionsPending: '1' });
  expect(service.outbox.filter(({ text }) => text.startsWith('hello'))).toHaveLength(20);
  expect(service.outbox.at(-1)?.confirmUrl).toBeDefined();
});

describe('a FIFO topic', () => {
  const fifo = { FifoTopic: 'true', ContentBasedDeduplication: 'true' };

  test('keeps the order and drops duplicates', async () => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns(fifo);
    await subscribeQueue({ RawMessageDelivery: 'true' });
    const publish = (Message: string) => sns('Publish', { TopicArn: topicArn, Message, MessageGroupId: 'g' });
    const first = await publish('1');
    expect(first['SequenceNumber']).toMatch(/^\d{20}$/);
    await publish('2');
    expect(await publish('1')).toEqual(first);
    expect((await received()).map((message) => message['Body'])).toEqual(['1', '2']);
  });

  test('wants a group', async () => {
    const { sns, topicArn } = await createTestSns(fifo);
    expect(await refusalOf(sns('Publish', { TopicArn: topicArn, Message: 'x' }))).toBe(
      'InvalidParameter: Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
    );
  });
});

describe('a batch', () => {
  test('publishes what it can and lists what it cannot', async () => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    await subscribeQueue({ RawMessageDelivery: 'true' });
    const answer = await sns('PublishBatch', {
      TopicArn: topicArn,
      PublishBatchRequestEntries: [
        { Id: 'good', Message: 'a' },
        { Id: 'bad', Message: '' },
      ],
    });
    expect(answer).toEqual({
      Successful: [{ Id: 'good', MessageId: expect.any(String) as string }],
      Failed: [{ Id: 'bad', Code: 'InvalidParameter', Message: 'Invalid parameter: Empty message', SenderFault: true }],
    });
    expect(await received()).toMatchObject([{ Body: 'a' }]);
  });

  const entry = (Id: string, Message = 'x') => ({ Id, Message });
  test.each([
    ['no entries', [], /^EmptyBatchRequest: /],
    ['eleven', Array.from({ length: 11 }, (_, index) => entry(`e${index}`)), /^TooManyEntriesInBatchRequest: /],
    ['an id twice', [entry('a'), entry('a')], /^BatchEntryIdsNotDistinct: /],
    ['a bad id', [entry('a b')], /^InvalidBatchEntryId: /],
    ['too many bytes', [entry('a', 'x'.repeat(200_000)), entry('b', 'x'.repeat(200_000))], /^BatchRequestTooLong: /],
  ])('with %s is refused as a whole', async (_, PublishBatchRequestEntries, refusal) => {
    const { sns, topicArn } = await createTestSns();
    const input = { TopicArn: topicArn, PublishBatchRequestEntries };
    expect(await refusalOf(sns('PublishBatch', input))).toMatch(refusal);
  });
});

test.each([
  [{ Message: '' }, 'InvalidParameter: Invalid parameter: Empty message'],
  [{ Message: 'x'.repeat(262_145) }, 'InvalidParameter: Invalid parameter: Message too long'],
  [{ Message: 'x', Subject: '' }, 'InvalidParameter: Invalid parameter: Subject'],
  [{ Message: 'x', Subject: 'two\nlines' }, 'InvalidParameter: Invalid parameter: Subject'],
  [{ Message: 'x', MessageStructure: 'json' }, /Message Structure - JSON message body failed to parse$/],
  [{ Message: '{"sqs":"x"}', MessageStructure: 'json' }, /Message Structure - No default entry in JSON message body$/],
  [{ Message: 'x', TopicArn: 'news' }, /^InvalidParameter: .* An ARN must have at least 6 elements, not 1$/],
  [{ Message: 'x', TopicArn: 'arn:aws:sns:us-east-1:123456789012:x' }, 'NotFound: Topic does not exist'],
  [{ Message: 'x', MessageAttributes: { a: { DataType: 'Text' } } }, /^ParameterValueInvalid: .*'a' has an invalid/],
  [{ Message: 'x', PhoneNumber: '+1' }, /Local AWS sends no SMS/],
  [{ Message: 'x', MessageDeduplicationId: 'd' }, /not valid for this topic type/],
])('publishing %j is refused with %s', async (input, refusal) => {
  const { sns, topicArn } = await createTestSns();
  expect(await refusalOf(sns('Publish', { TopicArn: topicArn, ...input }))).toMatch(refusal);
});
