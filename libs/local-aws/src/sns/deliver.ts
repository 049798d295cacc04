import type { JsonObject, World } from '../service.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import { lambdaEvent, notificationEnvelope, type Delivered, type EnvelopeMaker } from './envelope.ts';
import { deliverOverHttp } from './http-delivery.ts';
import type { Outbox } from './outbox.ts';
import type { Subscription } from './subscription.ts';

/** A message for one subscription, with its place in a FIFO topic. */
export interface Consignment extends Delivered {
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
}

/** Brings the message to the subscription's endpoint; what cannot be brought goes to its dead-letter queue, if it has one. */
export async function deliver(
  world: World,
  maker: EnvelopeMaker,
  outbox: Outbox,
  subscription: Subscription,
  consignment: Consignment,
): Promise<void> {
  const { raw, deadLetterQueueArn } = subscription.settings;
  const body = raw ? consignment.message : JSON.stringify(notificationEnvelope(maker, consignment), null, 2);
  if (await bring(world, maker, outbox, subscription, consignment, body)) return;
  if (deadLetterQueueArn !== undefined) await sendToQueue(world, deadLetterQueueArn, body, consignment, raw);
}

/** Answers whether the endpoint took it. */
async function bring(
  world: World,
  maker: EnvelopeMaker,
  outbox: Outbox,
  subscription: Subscription,
  consignment: Consignment,
  body: string,
): Promise<boolean> {
  const { protocol, endpoint, settings } = subscription;
  switch (protocol) {
    case 'sqs':
      return sendToQueue(world, endpoint, body, consignment, settings.raw);
    case 'lambda':
      return invoke(world, endpoint, lambdaEvent(maker, consignment));
    case 'http':
    case 'https': {
      const { messageId, topicArn, subscriptionArn } = consignment;
      const head = { type: 'Notification', messageId, topicArn, subscriptionArn, raw: settings.raw } as const;
      return deliverOverHttp(world, { url: endpoint, ...head, body }, settings.retries);
    }
    case 'email':
    case 'email-json':
      outbox.notify(subscription, consignment, body);
      return true;
  }
}

async function sendToQueue(
  world: World,
  queueArn: string,
  body: string,
  consignment: Consignment,
  raw: boolean,
): Promise<boolean> {
  const [, , , region, account, name = ''] = queueArn.split(':');
  const fifo = name.endsWith('.fifo');
  const attributes = raw ? consignment.attributes : {};
  return succeeds(
    world.call('sqs', 'SendMessage', {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      MessageBody: body,
      ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes satisfies MessageAttributes }),
      ...(consignment.groupId !== undefined && { MessageGroupId: consignment.groupId }),
      ...(fifo && { MessageDeduplicationId: consignment.deduplicationId }),
    }),
  );
}

/** Asynchronous: what becomes of the function is Lambda's to retry. */
function invoke(world: World, functionArn: string, event: JsonObject): Promise<boolean> {
  const Payload = Buffer.from(JSON.stringify(event));
  return succeeds(world.call('lambda', 'Invoke', { FunctionName: functionArn, InvocationType: 'Event', Payload }));
}

const succeeds = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );
