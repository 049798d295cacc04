import { onTestFinished } from 'vitest';
import { act, createTestWorld } from '../../../test/test-world.ts';
import type { HttpAnswer } from '../../kernel/http.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createSqs } from '../sqs/sqs.ts';
import { createSns } from './sns.ts';

/** SNS with SQS beside it, a topic named `news` and a queue named `inbox`. */
export async function createTestSns(attributes: Record<string, string> = {}) {
  const test = createTestWorld();
  onTestFinished(() => test.close());
  const { world, clock } = test;
  const service = createSns(world);
  const queues = createSqs(world);
  const invocations: JsonObject[] = [];
  for (const { id, actions } of [service, queues]) {
    for (const [name, action] of Object.entries(actions)) {
      test.answer(`${id}:${name}`, (input, caller) => action.prepare(input, caller).run());
    }
  }
  test.answer('lambda:Invoke', (input) => {
    invocations.push(input);
    return {};
  });

  const fifo = attributes['FifoTopic'] === 'true' ? '.fifo' : '';
  const sns = (action: string, input: JsonObject = {}) => act(service, action, input);
  const sqs = (action: string, input: JsonObject = {}) => act(queues, action, input);
  const { TopicArn } = await sns('CreateTopic', { Name: `news${fifo}`, Attributes: attributes });
  const queue = { QueueName: `inbox${fifo}`, ...(fifo && { Attributes: { FifoQueue: 'true' } }) };
  const { QueueUrl } = await sqs('CreateQueue', queue);
  const topicArn = TopicArn as string;
  const queueArn = `arn:aws:sqs:us-east-1:${world.accountId}:inbox${fifo}`;

  return {
    service,
    sns,
    sqs,
    clock,
    activity: world.activity,
    calls: test.calls,
    invocations,
    topicArn,
    queueArn,
    async subscribeQueue(settings: Record<string, string> = {}, name?: string) {
      const Endpoint = name === undefined ? queueArn : `arn:aws:sqs:us-east-1:${world.accountId}:${name}`;
      const input = { TopicArn, Protocol: 'sqs', Endpoint, Attributes: settings };
      return (await sns('Subscribe', input))['SubscriptionArn'] as string;
    },
    /** What a browser gets that follows a link of a message. */
    async follow(url: string): Promise<HttpAnswer> {
      const { pathname, search } = new URL(url);
      const handler = service.handlers?.['sns'];
      if (handler === undefined || !pathname.startsWith('/_aws/sns/')) throw new Error(`${url} leads nowhere`);
      const request = { method: 'GET', path: pathname, query: search.slice(1), headers: {}, sourceIp: '127.0.0.1' };
      return handler({ ...request, body: Buffer.alloc(0) }, pathname.slice('/_aws/sns'.length));
    },
    async received() {
      await world.activity.idle();
      const input = { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageAttributeNames: ['All'] };
      return ((await sqs('ReceiveMessage', input))['Messages'] ?? []) as JsonObject[];
    },
  };
}

/** The envelope in a received message. */
export const parsed = (message: JsonObject | undefined): JsonObject =>
  JSON.parse(message?.['Body'] as string) as JsonObject;
