import type { Millis, Timer } from '../../kernel/clock/clock.ts';

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

/** What comes into a queue: a letter, new or given up by another queue with its past. */
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
  /** In the queue; for FIFO the number behind SequenceNumber. */
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

export const sequenceNumber = (place: number): string => `188${String(place * 256).padStart(17, '0')}`;
