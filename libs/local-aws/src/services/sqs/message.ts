import type { Millis, Timer } from '../../kernel/clock/clock.ts';
import type { MessageAttributes } from '../../kit/message-attributes.ts';
import type { QueueSettings } from './queue-settings.ts';

/** What a sender hands in, checked. */
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

/** What comes into a queue: a new letter, or one with the past that it has in the queue that gave it up. */
export interface Arrival {
  readonly letter: Letter;
  readonly id: string;
  readonly sentAt: Millis;
  readonly receiveCount: number;
  readonly firstReceivedAt: Millis | undefined;
  /** Of a message in a dead-letter queue. */
  readonly deadLetterSourceArn: string | undefined;
}

export interface Message extends Arrival {
  /** In the order of sending; the number behind a SequenceNumber. */
  readonly place: number;
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

export const newArrival = (letter: Letter, id: string, sentAt: Millis): Arrival => ({
  letter,
  id,
  sentAt,
  receiveCount: 0,
  firstReceivedAt: undefined,
  deadLetterSourceArn: undefined,
});

export const createMessage = (arrival: Arrival, place: number): Message => ({
  ...arrival,
  place,
  state: 'delayed',
  receivesHere: 0,
  receivedAt: 0,
  appears: undefined,
  expires: undefined,
});

/** What two messages of a FIFO queue have in common if one is a duplicate of the other; undefined in a standard queue. */
export function deduplicationKey(
  { groupId, deduplicationId }: Letter,
  { deduplicationScope }: QueueSettings,
): string | undefined {
  if (deduplicationId === undefined) return undefined;
  return deduplicationScope === 'messageGroup' ? `${deduplicationId} ${groupId}` : deduplicationId;
}

/** 20 digits that grow with the place, as AWS's do. [documented: API Reference, "SendMessage"] */
export const sequenceNumber = (place: number): string => `188${String(place * 256).padStart(17, '0')}`;
