import { serviceCaller } from '../../kernel/caller.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { lambdaEvent, notificationEnvelope, type Delivered, type EnvelopeMaker } from './envelope.ts';
import { deliverOverHttp } from './http-delivery.ts';
import type { Outbox } from './outbox.ts';
import type { Subscription } from './subscription.ts';

/** A message for one subscription, with its place in a FIFO topic. */
export interface Consignment extends Delivered {
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
}

/** What it takes to deliver. */
export interface Courier {
  readonly world: World;
  readonly maker: EnvelopeMaker;
  readonly outbox: Outbox;
}

/** Brings the message to the subscription's endpoint; what cannot be brought goes to its dead-letter queue, if it has one. */
export async function deliver(courier: Courier, subscription: Subscription, consignment: Consignment): Promise<void> {
  const { deadLetterQueueArn } = subscription.settings;
  if (await bring(courier, subscription, consignment)) return;
  if (deadLetterQueueArn !== undefined) await sendToQueue(courier, deadLetterQueueArn, subscription, consignment);
}

/** Answers whether the endpoint took it. */
async function bring(courier: Courier, subscription: Subscription, consignment: Consignment): Promise<boolean> {
  const { protocol, endpoint, settings } = subscription;
  switch (protocol) {
    case 'sqs':
      return sendToQueue(courier, endpoint, subscription, consignment);
    case 'lambda':
      return invoke(courier.world, endpoint, consignment.topicArn, lambdaEvent(courier.maker, consignment));
    case 'http':
    case 'https': {
      const { messageId, topicArn, subscriptionArn } = consignment;
      const head = { type: 'Notification', messageId, topicArn, subscriptionArn, raw: settings.raw } as const;
      const body = bodyOf(courier, subscription, consignment);
      return deliverOverHttp(courier.world, { url: endpoint, ...head, body }, settings.retries);
    }
    case 'email':
    case 'email-json':
      courier.outbox.notify(subscription, consignment, () => bodyOf(courier, subscription, consignment));
      return true;
  }
}

const bodyOf = ({ maker }: Courier, { settings }: Subscription, consignment: Consignment): string =>
  settings.raw ? consignment.message : JSON.stringify(notificationEnvelope(maker, consignment), null, 2);

async function sendToQueue(
  courier: Courier,
  queueArn: string,
  subscription: Subscription,
  consignment: Consignment,
): Promise<boolean> {
  const [, , , region, account, name = ''] = queueArn.split(':');
  const { groupId, deduplicationId, attributes } = consignment;
  return succeeds(
    courier.world.call(serviceCaller(courier.world, 'sns', consignment.topicArn), 'sqs:SendMessage', {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      MessageBody: bodyOf(courier, subscription, consignment),
      ...(subscription.settings.raw && { MessageAttributes: attributes }),
      ...(groupId !== undefined && { MessageGroupId: groupId }),
      ...(name.endsWith('.fifo') && { MessageDeduplicationId: deduplicationId }),
    }),
  );
}

/** Asynchronous: what becomes of the function is Lambda's to retry. */
function invoke(world: World, functionArn: string, topicArn: string, event: JsonObject): Promise<boolean> {
  const Payload = Buffer.from(JSON.stringify(event));
  return succeeds(
    world.call(serviceCaller(world, 'sns', topicArn), 'lambda:Invoke', {
      FunctionName: functionArn,
      InvocationType: 'Event',
      Payload,
    }),
  );
}

const succeeds = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );
