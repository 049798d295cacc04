import { act, createTestWorld } from '../../../test/test-world.ts';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../kernel/service.ts';
import { createSqs } from './sqs.ts';

export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** SQS alone, with a queue named `jobs` or `jobs.fifo`; requests that name no queue are for that one. */
export async function createTestSqs(attributes: Record<string, string> = {}) {
  const test = createTestWorld();
  onTestFinished(() => test.close());
  const { world, clock } = test;
  const service = createSqs(world);
  const call = (action: string, input: JsonObject) => act(service, action, input);
  const createQueue = async (name: string, settings: Record<string, string> = {}) => {
    const { QueueUrl } = await call('CreateQueue', { QueueName: name, Attributes: settings });
    return { url: QueueUrl as string, arn: `arn:aws:sqs:us-east-1:${world.accountId}:${name}` };
  };
  const { url: queueUrl, arn: queueArn } = await createQueue(
    attributes['FifoQueue'] === 'true' ? 'jobs.fifo' : 'jobs',
    attributes,
  );
  const sqs = (action: string, input: JsonObject = {}) => call(action, { QueueUrl: queueUrl, ...input });
  return {
    service,
    sqs,
    clock,
    activity: world.activity,
    queueUrl,
    queueArn,
    createQueue,
    send: async (body: string, more: JsonObject = {}) =>
      (await sqs('SendMessage', { MessageBody: body, ...more }))['MessageId'] as string,
    receive: async (most = 10, more: JsonObject = {}): Promise<readonly Received[]> =>
      ((await sqs('ReceiveMessage', { MaxNumberOfMessages: most, AttributeNames: ['All'], ...more }))['Messages'] ??
        []) as readonly Received[],
    counts: async (url = queueUrl) => {
      const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
      const all = Attributes as Record<string, string>;
      return {
        visible: Number(all['ApproximateNumberOfMessages']),
        inFlight: Number(all['ApproximateNumberOfMessagesNotVisible']),
        delayed: Number(all['ApproximateNumberOfMessagesDelayed']),
      };
    },
  };
}

export const bodies = (messages: readonly Received[]): string[] => messages.map((message) => message.Body);
