import type { Millis, Timer } from '../clock/clock.ts';
import type { JsonObject } from '../service.ts';

/** A message attribute in the shape of the AWS model, checked. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender hands in. */
export interface Letter {
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: MessageAttributes;
  readonly md5OfAttributes: string | undefined;
  readonly traceHeader: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly senderId: string;
}

/** What comes into a queue: a new letter, or a message that another queue gave up, with its past. */
export interface Arrival extends Letter {
  readonly id: string;
  readonly sentAt: Millis;
  readonly receiveCount?: number;
  readonly firstReceivedAt?: Millis | undefined;
  readonly deadLetterSourceArn?: string | undefined;
}

export interface Message extends Letter {
  readonly id: string;
  readonly sentAt: Millis;
  /** The place in the queue; for FIFO the number behind SequenceNumber. */
  readonly place: number;
  /** Of a message in a dead-letter queue. */
  readonly deadLetterSourceArn: string | undefined;
  state: 'delayed' | 'visible' | 'in flight' | 'gone';
  /** Across all queues. */
  receiveCount: number;
  /** In this queue: what maxReceiveCount limits. */
  receivesHere: number;
  firstReceivedAt: Millis | undefined;
  receivedAt: Millis;
  /** Makes the message visible. */
  appears: Timer | undefined;
  /** Takes it out at the end of its retention period. */
  expires: Timer | undefined;
}

export const createMessage = (arrival: Arrival, place: number): Message => ({
  ...arrival,
  place,
  deadLetterSourceArn: arrival.deadLetterSourceArn,
  state: 'delayed',
  receiveCount: arrival.receiveCount ?? 0,
  receivesHere: 0,
  firstReceivedAt: arrival.firstReceivedAt,
  receivedAt: 0,
  appears: undefined,
  expires: undefined,
});

/** One receipt of a message. What the message becomes later does not change it. */
export interface Delivery {
  readonly message: Message;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: Millis;
}

export const sequenceNumber = (place: number): string => `188${String(place * 256).padStart(17, '0')}`;

export interface Wanted {
  readonly systemAttributes: readonly string[];
  readonly messageAttributes: readonly string[];
}

/** The delivery in the shape of the AWS model, with the attributes that were asked for. */
export function deliveryShape(
  delivery: Delivery,
  wanted: Wanted,
  md5: (kept: MessageAttributes) => string,
): JsonObject {
  const { message } = delivery;
  const system = systemAttributes(delivery, wanted.systemAttributes);
  const attributes = wantedAttributes(message.attributes, wanted.messageAttributes);
  return {
    MessageId: message.id,
    ReceiptHandle: delivery.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system && { Attributes: system }),
    ...(attributes && { MessageAttributes: attributes, MD5OfMessageAttributes: md5(attributes) }),
  };
}

function systemAttributes(delivery: Delivery, names: readonly string[]): JsonObject | undefined {
  if (names.length === 0) return undefined;
  const { message } = delivery;
  const all: Record<string, string | undefined> = {
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(delivery.firstReceivedAt),
    ApproximateReceiveCount: String(delivery.receiveCount),
    SentTimestamp: String(message.sentAt),
    SequenceNumber: message.deduplicationId === undefined ? undefined : sequenceNumber(message.place),
    MessageDeduplicationId: message.deduplicationId,
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
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
