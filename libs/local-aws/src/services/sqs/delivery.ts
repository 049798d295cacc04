import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { MessageAttributes } from '../../kit/message-attributes.ts';
import { sequenceNumber, type Message } from './message.ts';
import { md5OfAttributes } from './message-md5.ts';

/** One receipt of a message; it does not change with the message. */
export interface Delivery {
  readonly message: Message;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: Millis;
}

/** Counts a receipt of the message in the queue. */
export function noteReceipt(message: Message, queueArn: string, now: Millis): Delivery {
  message.receiveCount += 1;
  message.receivesHere += 1;
  message.firstReceivedAt ??= now;
  message.receivedAt = now;
  const { id: messageId, receiveCount, firstReceivedAt } = message;
  return {
    message,
    receiptHandle: receiptHandle({ queueArn, messageId, receiveCount }),
    receiveCount,
    firstReceivedAt,
  };
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

/** Names one receipt of one message of a queue. It is opaque to clients. */
export interface Receipt {
  readonly queueArn: string;
  readonly messageId: string;
  readonly receiveCount: number;
}

const receiptHandle = ({ queueArn, messageId, receiveCount }: Receipt): string =>
  Buffer.from(`${queueArn} ${messageId} ${receiveCount}`).toString('base64');

/** @throws {AwsError} ReceiptHandleIsInvalid for a handle that this queue did not give out */
export function parseReceiptHandle(handle: string, queueArn: string): Receipt {
  const [arn, messageId, count = '', ...rest] = Buffer.from(handle, 'base64').toString().split(' ');
  if (arn === queueArn && messageId && /^\d+$/.test(count) && rest.length === 0) {
    return { queueArn, messageId, receiveCount: Number(count) };
  }
  const message = `The input receipt handle "${handle}" is not a valid receipt handle.`;
  throw new AwsError('ReceiptHandleIsInvalid', message);
}
