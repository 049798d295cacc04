import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { createTestSns } from './testing.ts';

interface Post {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** An HTTP endpoint that answers with the statuses in turn, the last one for ever. */
async function createEndpoint(...statuses: number[]) {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      posts.push({ headers: request.headers, body });
      response.writeHead(statuses.length > 1 ? statuses.shift()! : statuses[0]!).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, posts };
}

async function createHttpSubscriber(statuses: number[], settings: Record<string, string> = {}) {
  const test = await createTestSns();
  const { sns, topicArn, activity } = test;
  const endpoint = await createEndpoint(200, ...statuses);
  const input = { TopicArn: topicArn, Protocol: 'http', Endpoint: endpoint.url, Attributes: settings };
  expect(await sns('Subscribe', input)).toEqual({ SubscriptionArn: 'pending confirmation' });
  await activity.idle();
  const confirmation = endpoint.posts.shift()!;
  const { Token } = JSON.parse(confirmation.body) as { Token: string };
  const confirm = async () =>
    (await sns('ConfirmSubscription', { TopicArn: topicArn, Token }))['SubscriptionArn'] as string;
  const publish = () => sns('Publish', { TopicArn: topicArn, Message: 'hello' });
  return { ...test, endpoint, confirmation, confirm, publish, input };
}

describe('an HTTP endpoint', () => {
  test('is asked to confirm and gets nothing before', async () => {
    const { confirmation, endpoint, topicArn, publish, activity, follow } = await createHttpSubscriber([200]);
    expect(confirmation.headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': topicArn,
    });
    const request = JSON.parse(confirmation.body) as Record<string, string>;
    expect(request).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn: topicArn, SignatureVersion: '1' });
    expect(request['MessageId']).toBe(confirmation.headers['x-amz-sns-message-id']);
    await publish();
    await activity.idle();
    expect(endpoint.posts).toEqual([]);
    const followed = await follow(request['SubscribeURL']!);
    expect(followed).toMatchObject({ status: 200, body: expect.stringContaining(`${topicArn}:`) as string });
    await publish();
    await activity.idle();
    expect(endpoint.posts).toHaveLength(1);
    expect(await follow(request['SubscribeURL']!)).toMatchObject({ status: 400 });
  });

  test('gets messages with the headers of AWS', async () => {
    const { endpoint, confirm, publish, activity, topicArn } = await createHttpSubscriber([200]);
    const subscriptionArn = await confirm();
    const { MessageId } = await publish();
    await activity.idle();
    const [post] = endpoint.posts;
    expect(post?.headers).toMatchObject({
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': MessageId,
      'x-amz-sns-topic-arn': topicArn,
      'x-amz-sns-subscription-arn': subscriptionArn,
    });
    expect(post?.headers).not.toHaveProperty('x-amz-sns-rawdelivery');
    expect(JSON.parse(post!.body)).toMatchObject({ Type: 'Notification', Message: 'hello' });
  });

  test('gets the bare message where it asks for it', async () => {
    const { endpoint, confirm, publish, activity } = await createHttpSubscriber([200], { RawMessageDelivery: 'true' });
    await confirm();
    await publish();
    await activity.idle();
    expect(endpoint.posts[0]).toMatchObject({ body: 'hello', headers: { 'x-amz-sns-rawdelivery': 'true' } });
  });

  test('is tried again after its faults, three times at 20 seconds', async () => {
    const { endpoint, confirm, publish, clock, activity } = await createHttpSubscriber([500, 429, 200]);
    await confirm();
    await publish();
    await activity.idle();
    expect(endpoint.posts).toHaveLength(1);
    await clock.advance(19_999);
    expect(endpoint.posts).toHaveLength(1);
    await clock.advance(1);
    expect(endpoint.posts).toHaveLength(2);
    await clock.advance(60_000);
    expect(endpoint.posts).toHaveLength(3);
  });

  test.each([
    ['has failed too often', 503, 4],
    ['refuses', 403, 1],
  ])('that %s leaves the message to the dead-letter queue', async (_, status, attempts) => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:inbox' });
    const { endpoint, confirm, publish, clock, received } = await createHttpSubscriber([status], { RedrivePolicy });
    await confirm();
    await publish();
    await clock.advance(3_600_000);
    expect(endpoint.posts).toHaveLength(attempts);
    expect(await received()).toHaveLength(1);
  });

  test('must confirm within two days', async () => {
    const { confirm, clock } = await createHttpSubscriber([200]);
    await clock.advance(2 * 86_400_000 + 1);
    expect(await refusalOf(confirm())).toBe('InvalidParameter: Invalid parameter: Token');
  });
});

test('a mail address confirms by the link in its mail; nothing leaves the outbox', async () => {
  const { sns, service, topicArn, follow, activity, calls } = await createTestSns();
  await sns('Subscribe', { TopicArn: topicArn, Protocol: 'email', Endpoint: 'anna@example.com' });
  const [confirmation] = service.outbox;
  expect(confirmation).toMatchObject({
    to: 'anna@example.com',
    subject: 'AWS Notification - Subscription Confirmation',
  });
  await follow(confirmation!.confirmUrl!);
  expect(calls).toMatchObject([{ action: 'sns:ConfirmSubscription', caller: { principalArn: '*' } }]);
  await sns('Publish', { TopicArn: topicArn, Message: 'Approve?', Subject: 'Please decide' });
  await sns('Publish', { TopicArn: topicArn, Message: 'No subject' });
  await activity.idle();
  expect(service.outbox.slice(1)).toMatchObject([
    { to: 'anna@example.com', subject: 'Please decide', text: expect.stringMatching(/^Approve\?\n/) as string },
    { subject: 'AWS Notification Message' },
  ]);
});

test('a mail’s link does not end a subscription whose confirmation asked for signatures', async () => {
  const { sns, service, topicArn, follow, activity } = await createTestSns();
  await sns('Subscribe', { TopicArn: topicArn, Protocol: 'email', Endpoint: 'anna@example.com' });
  const Token = new URL(service.outbox[0]!.confirmUrl!).searchParams.get('Token');
  await sns('ConfirmSubscription', { TopicArn: topicArn, Token, AuthenticateOnUnsubscribe: 'true' });
  await sns('Publish', { TopicArn: topicArn, Message: 'Approve?' });
  await activity.idle();
  expect(await follow(/http\S+Unsubscribe\S+/.exec(service.outbox[1]!.text)![0])).toMatchObject({ status: 403 });
  const { Subscriptions } = await sns('ListSubscriptions');
  const [{ SubscriptionArn }] = Subscriptions as [{ SubscriptionArn: string }];
  await sns('Unsubscribe', { SubscriptionArn });
  expect(await sns('ListSubscriptions')).toEqual({ Subscriptions: [] });
});

describe('a filter policy', () => {
  const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const array = (value: unknown) => ({ DataType: 'String.Array', StringValue: JSON.stringify(value) });
  test.each([
    [{ colour: ['red'] }, { colour: text('red') }, true],
    [{ colour: ['red'] }, { colour: text('blue') }, false],
    [{ colour: ['red'] }, {}, false],
    [{ colour: [{ prefix: 're' }], size: [1] }, { colour: text('red'), size: number('1.0') }, true],
    [{ size: [{ numeric: ['>', 1] }] }, { size: number('1') }, false],
    [{ size: [1] }, { size: text('1') }, false],
    [{ colour: [{ exists: false }] }, {}, true],
    [{ colour: [{ 'anything-but': ['red'] }] }, { colour: array(['red', 'blue']) }, true],
    [{ colour: ['blue'] }, { colour: array(['red', 'blue']) }, true],
    [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: text('2') }, true],
    [{ raw: ['AAE='] }, { raw: { DataType: 'Binary', BinaryValue: 'AAE=' } }, false],
  ])('%j lets attributes %j through: %s', async (policy, MessageAttributes, through) => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    await subscribeQueue({ FilterPolicy: JSON.stringify(policy) });
    await sns('Publish', { TopicArn: topicArn, Message: 'x', MessageAttributes });
    expect(await received()).toHaveLength(through ? 1 : 0);
  });

  test.each([
    [{ order: { state: ['open'] } }, '{"order":{"state":"open"}}', true],
    [{ order: { state: ['open'] } }, '{"order":{"state":"closed"}}', false],
    [{ order: { state: ['open'] } }, 'no JSON', false],
    [{ order: [{ exists: false }] }, '[]', false],
  ])('%j lets the body %j through: %s', async (policy, Message, through) => {
    const { sns, topicArn, subscribeQueue, received } = await createTestSns();
    await subscribeQueue({ FilterPolicy: JSON.stringify(policy), FilterPolicyScope: 'MessageBody' });
    await sns('Publish', { TopicArn: topicArn, Message });
    expect(await received()).toHaveLength(through ? 1 : 0);
  });

  // The reasons were recorded from AWS.
  test.each([
    ['{"key":[["value"]]}', /FilterPolicy: Match value must be String, number, true, false, or null/],
    ['{"key":[{"wrong-operator":true}]}', /FilterPolicy: Unrecognized match type wrong-operator/],
    ['{"key":[{"suffix":100}]}', /FilterPolicy: suffix match pattern must be a string/],
    [
      '{"key":{"deep":["x"]}}',
      /FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy/,
    ],
    ['{"key"', /FilterPolicy: /],
  ])('%s is refused', async (FilterPolicy, reason) => {
    const { subscribeQueue } = await createTestSns();
    expect(await refusalOf(subscribeQueue({ FilterPolicy }))).toMatch(
      /^InvalidParameter: Invalid parameter: Attributes Reason: FilterPolicy: /,
    );
    expect(await refusalOf(subscribeQueue({ FilterPolicy }))).toMatch(reason);
  });
});

describe('a subscription', () => {
  test('has the attributes of AWS and can be changed', async () => {
    const { sns, subscribeQueue, topicArn, queueArn } = await createTestSns();
    const SubscriptionArn = await subscribeQueue({ FilterPolicy: '{"a":["b"]}' });
    const get = async () => (await sns('GetSubscriptionAttributes', { SubscriptionArn }))['Attributes'];
    expect(await get()).toEqual({
      SubscriptionArn,
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      Owner: '123456789012',
      SubscriptionPrincipal: 'arn:aws:iam::123456789012:root',
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'true',
      RawMessageDelivery: 'false',
      FilterPolicy: '{"a":["b"]}',
      FilterPolicyScope: 'MessageAttributes',
    });
    const set = (AttributeName: string, AttributeValue: string) =>
      sns('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
    await set('RawMessageDelivery', 'true');
    await set('FilterPolicy', '');
    expect(await get()).not.toHaveProperty('FilterPolicy');
    expect(await get()).toMatchObject({ RawMessageDelivery: 'true' });
    expect(await refusalOf(set('Colour', 'red'))).toBe('InvalidParameter: Invalid parameter: AttributeName');
    expect(await refusalOf(set('RawMessageDelivery', 'perhaps'))).toMatch(/RawMessageDelivery: Invalid value/);
  });

  test('is made once, and listed', async () => {
    const { sns, subscribeQueue, topicArn, queueArn } = await createTestSns();
    const SubscriptionArn = await subscribeQueue();
    expect(await subscribeQueue()).toBe(SubscriptionArn);
    expect(await refusalOf(subscribeQueue({ RawMessageDelivery: 'true' }))).toBe(
      'InvalidParameter: Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
    await sns('Subscribe', { TopicArn: topicArn, Protocol: 'email', Endpoint: 'a@b', ReturnSubscriptionArn: 'true' });
    const common = { Owner: '123456789012', TopicArn: topicArn };
    const Subscriptions = [
      { SubscriptionArn, Protocol: 'sqs', Endpoint: queueArn, ...common },
      { SubscriptionArn: 'PendingConfirmation', Protocol: 'email', Endpoint: 'a@b', ...common },
    ];
    expect(await sns('ListSubscriptions')).toEqual({ Subscriptions });
    expect(await sns('ListSubscriptionsByTopic', { TopicArn: topicArn })).toEqual({ Subscriptions });
  });

  test.each([
    ['sqs', 'inbox', 'InvalidParameter: Invalid parameter: SQS endpoint ARN'],
    [
      'sqs',
      'arn:aws:sqs:us-east-1:123456789012:a.fifo',
      /FIFO SQS Queues can not be subscribed to standard SNS topics/,
    ],
    ['lambda', 'worker', /Lambda endpoint ARN/],
    ['http', 'https://example.com', /Endpoint must match the specified protocol/],
    ['email', 'nobody', /Email address/],
    ['pigeon', 'x', 'InvalidParameter: Invalid parameter: Amazon SNS does not support this protocol string: pigeon'],
  ])('of %s %s is refused with %s', async (Protocol, Endpoint, refusal) => {
    const { sns, topicArn } = await createTestSns();
    expect(await refusalOf(sns('Subscribe', { TopicArn: topicArn, Protocol, Endpoint }))).toMatch(refusal);
  });
});
