import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { sequenceNumber, type Message, type MessageAttributes } from './message.ts';
import { md5OfAttributes } from './message-md5.ts';

/** One receipt of a message. What the message becomes later does not change it. */
export interface Delivery {
  readonly message: Message;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: Millis;
}

export interface Wanted {
  readonly systemAttributes: readonly string[];
  readonly messageAttributes: readonly string[];
}

/** The delivery in the shape of the AWS model, with the attributes that were asked for. */
export function deliveryShape(delivery: Delivery, wanted: Wanted): JsonObject {
  const { letter, id } = delivery.message;
  const system = systemAttributes(delivery, wanted.systemAttributes);
  const attributes = wantedAttributes(letter.attributes, wanted.messageAttributes);
  return {
    MessageId: id,
    ReceiptHandle: delivery.receiptHandle,
    MD5OfBody: letter.md5OfBody,
    Body: letter.body,
    ...(system && { Attributes: system }),
    ...(attributes && { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

function systemAttributes(delivery: Delivery, names: readonly string[]): JsonObject | undefined {
  if (names.length === 0) return undefined;
  const { message, receiveCount, firstReceivedAt } = delivery;
  const { letter } = message;
  const all: Record<string, string | undefined> = {
    SenderId: letter.senderId,
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: String(message.sentAt),
    SequenceNumber: letter.deduplicationId === undefined ? undefined : sequenceNumber(message.place),
    MessageDeduplicationId: letter.deduplicationId,
    MessageGroupId: letter.groupId,
    AWSTraceHeader: letter.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  const kept = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (names.includes('All') || names.includes(name)),
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** `All`, `*` and `.*` ask for every attribute, `prefix.*` for those that begin so. */
function wantedAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes | undefined {
  if (names.length === 0) return undefined;
  const all = names.some((name) => ['All', '*'].includes(name));
  const prefixes = names.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  const kept = Object.entries(attributes).filter(
    ([name]) => all || names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
