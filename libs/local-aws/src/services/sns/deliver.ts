import { serviceCaller } from '../../kernel/caller.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { queueUrlOf } from '../../kit/arn.ts';
import { lambdaEvent, notificationEnvelope, type Delivered, type EnvelopeMaker } from './envelope.ts';
import { deliverOverHttp } from './http-delivery.ts';
import type { Outbox } from './outbox.ts';
import type { Subscription } from './subscription.ts';

/** A message for one subscription, with its place in a FIFO topic. */
export interface Outgoing extends Delivered {
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
}

/** What it takes to deliver. */
export interface Sender {
  readonly world: World;
  readonly maker: EnvelopeMaker;
  readonly outbox: Outbox;
}

/** Delivers the message to the subscription's endpoint, or else to its dead-letter queue, if it has one. */
export async function deliver(sender: Sender, subscription: Subscription, message: Outgoing): Promise<void> {
  const { deadLetterQueueArn } = subscription.settings;
  if (await deliverToEndpoint(sender, subscription, message)) return;
  if (deadLetterQueueArn !== undefined) await sendToQueue(sender, deadLetterQueueArn, subscription, message);
}

/** @returns whether the endpoint took it */
async function deliverToEndpoint(sender: Sender, subscription: Subscription, message: Outgoing): Promise<boolean> {
  const { protocol, endpoint, settings } = subscription;
  switch (protocol) {
    case 'sqs':
      return sendToQueue(sender, endpoint, subscription, message);
    case 'lambda':
      return invoke(sender.world, endpoint, message.topicArn, lambdaEvent(sender.maker, message));
    case 'http':
    case 'https': {
      const { messageId, topicArn, subscriptionArn } = message;
      const head = { type: 'Notification', messageId, topicArn, subscriptionArn, raw: settings.raw } as const;
      const body = bodyOf(sender, subscription, message);
      return deliverOverHttp(sender.world, { url: endpoint, ...head, body }, settings.retries);
    }
    case 'email':
    case 'email-json':
      sender.outbox.notify(subscription, message, () => bodyOf(sender, subscription, message));
      return true;
  }
}

const bodyOf = ({ maker }: Sender, { settings }: Subscription, outgoing: Outgoing): string =>
  settings.raw ? outgoing.message : JSON.stringify(notificationEnvelope(maker, outgoing), null, 2);

async function sendToQueue(
  sender: Sender,
  queueArn: string,
  subscription: Subscription,
  message: Outgoing,
): Promise<boolean> {
  const { groupId, deduplicationId, attributes } = message;
  const fifo = queueArn.endsWith('.fifo');
  return succeeds(
    sender.world.call(serviceCaller(sender.world, 'sns', message.topicArn), 'sqs:SendMessage', {
      QueueUrl: queueUrlOf(queueArn),
      MessageBody: bodyOf(sender, subscription, message),
      ...(subscription.settings.raw && { MessageAttributes: attributes }),
      ...(groupId !== undefined && { MessageGroupId: groupId }),
      ...(fifo && { MessageDeduplicationId: deduplicationId }),
    }),
  );
}

/** The invocation is asynchronous: Lambda retries it where the function fails. */
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
