import { AwsError } from '../aws-error.ts';
import type { HttpAnswer } from '../protocols/http.ts';
import type { JsonObject, Service, World } from '../service.ts';
import { createSqs } from '../sqs/sqs.ts';
import { createTestWorld, testCaller } from '../test-world.ts';
import { createSns } from './sns.ts';

/** SNS with SQS beside it, a topic named `news` and a queue named `inbox`. */
export async function createTestSns(attributes: Record<string, string> = {}) {
  const { world: bare, clock, activity } = createTestWorld();
  const invocations: JsonObject[] = [];
  const services: Record<string, Service> = {};
  const call: World['call'] = async (service, action, input) => {
    if (service === 'lambda') {
      invocations.push(input);
      return {};
    }
    const act = services[service]?.actions[action];
    if (act === undefined) throw new AwsError('UnknownOperationException', `No ${service} ${action}`);
    return act(input, testCaller);
  };
  const world: World = { ...bare, call };
  const service = createSns(world);
  services['sns'] = service;
  services['sqs'] = createSqs(world);

  const fifo = attributes['FifoTopic'] === 'true' ? '.fifo' : '';
  const sns = (action: string, input: JsonObject = {}) => call('sns', action, input);
  const sqs = (action: string, input: JsonObject = {}) => call('sqs', action, input);
  const { TopicArn } = await sns('CreateTopic', { Name: `news${fifo}`, Attributes: attributes });
  const queue = { QueueName: `inbox${fifo}`, ...(fifo && { Attributes: { FifoQueue: 'true' } }) };
  const { QueueUrl } = await sqs('CreateQueue', queue);
  const topicArn = TopicArn as string;
  const queueArn = `arn:aws:sqs:us-east-1:${testCaller.accountId}:inbox${fifo}`;

  return {
    service,
    sns,
    sqs,
    clock,
    activity,
    invocations,
    topicArn,
    queueArn,
    async subscribeQueue(settings: Record<string, string> = {}, name?: string) {
      const Endpoint = name === undefined ? queueArn : `arn:aws:sqs:us-east-1:${testCaller.accountId}:${name}`;
      const input = { TopicArn, Protocol: 'sqs', Endpoint, Attributes: settings };
      return (await sns('Subscribe', input))['SubscriptionArn'] as string;
    },
    /** What a browser gets that follows a link of a message. */
    async follow(url: string): Promise<HttpAnswer> {
      const { pathname, search } = new URL(url);
      const door = service.doors?.['sns'];
      if (door === undefined || !pathname.startsWith('/_aws/sns/')) throw new Error(`${url} leads nowhere`);
      const request = { method: 'GET', path: pathname, query: search.slice(1), headers: {}, sourceIp: '127.0.0.1' };
      return door({ ...request, body: Buffer.alloc(0) }, pathname.slice('/_aws/sns'.length));
    },
    async received() {
      await activity.idle();
      const input = { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageAttributeNames: ['All'] };
      return ((await sqs('ReceiveMessage', input))['Messages'] ?? []) as JsonObject[];
    },
  };
}

/** The envelope in a received message. */
export const parsed = (message: JsonObject | undefined): JsonObject =>
  JSON.parse(message?.['Body'] as string) as JsonObject;
