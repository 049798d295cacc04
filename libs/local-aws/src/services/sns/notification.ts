import { createHash } from 'node:crypto';
import { parseJsonObject } from '../../kit/json-object.ts';
import {
  attributesBytes,
  checkMessageAttributes,
  messageAttributes,
  type MessageAttributes,
} from '../../kit/message-attributes.ts';
import { optional, required, text, type Members } from '../../kit/reader.ts';
import { invalidAttributeValue, invalidParameter } from './refusals.ts';
import type { Topic } from './topic.ts';

/** Of a message, and of all messages of a batch together. [documented: SNS quotas] */
export const MAX_BYTES = 262_144;

/** The members of Publish and of the entries of its batch. */
export const messageMembers = {
  Message: required(text()),
  Subject: optional(text()),
  MessageStructure: optional(text()),
  MessageAttributes: messageAttributes,
  MessageGroupId: optional(text()),
  MessageDeduplicationId: optional(text()),
};
type GivenMessage = Members<typeof messageMembers>;

/** A message that somebody publishes, checked. */
export interface Notification {
  readonly subject: string | undefined;
  /** The message for a protocol; without MessageStructure the same for all. */
  readonly messageFor: (protocol: string) => string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
}

/** @throws {AwsError} InvalidParameter, ParameterValueInvalid */
export function parseNotification(topic: Topic, given: GivenMessage): Notification {
  if (given.Message === '') throw invalidParameter('Empty message');
  checkSubject(given.Subject);
  const attributes = checkMessageAttributes(given.MessageAttributes, invalidAttributeValue);
  if (notificationBytes(given) > MAX_BYTES) throw invalidParameter('Message too long');
  return { subject: given.Subject, messageFor: parseStructure(given), attributes, ...checkPlace(topic, given) };
}

export const notificationBytes = ({ Message, Subject = '', MessageAttributes }: GivenMessage): number =>
  Buffer.byteLength(Message) + Buffer.byteLength(Subject) + attributesBytes(MessageAttributes);

/** ASCII without line breaks, up to 100 characters. [documented: API Reference, "Publish"] */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined || (/^[\u0020-\u007E]{1,100}$/.test(subject) && !subject.startsWith(' '))) return;
  throw invalidParameter('Subject');
}

/** With MessageStructure `json` the message is an object: a text for each protocol, and one for the rest. */
function parseStructure({ Message, MessageStructure }: GivenMessage): (protocol: string) => string {
  if (MessageStructure === undefined) return () => Message;
  if (MessageStructure !== 'json') throw invalidParameter('Message Structure - must be json');
  const texts = parseJsonObject(Message);
  if (texts === undefined) throw invalidParameter('Message Structure - JSON message body failed to parse');
  const fallback = texts['default'];
  if (typeof fallback !== 'string') throw invalidParameter('Message Structure - No default entry in JSON message body');
  return (protocol) => {
    const text = texts[protocol];
    return typeof text === 'string' ? text : fallback;
  };
}

/** The message group and the deduplication id. A FIFO topic needs both, a standard topic refuses the second. */
function checkPlace(topic: Topic, given: GivenMessage): Pick<Notification, 'groupId' | 'deduplicationId'> {
  const { Message, MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = given;
  if (!topic.fifo) {
    if (deduplicationId !== undefined) {
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    return { groupId, deduplicationId };
  }
  if (!groupId) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  if (deduplicationId !== undefined) return { groupId, deduplicationId };
  if (topic.attributes.get('ContentBasedDeduplication') !== 'true') {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: createHash('sha256').update(Message).digest('hex') };
}
