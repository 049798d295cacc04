import { createHash } from 'node:crypto';
import { sns } from '../../kit/dialects.ts';
import {
  attributesBytes,
  checkMessageAttributes,
  messageAttributes,
  type MessageAttributes,
} from '../../kit/message-attributes.ts';
import { read } from '../../kit/reader.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { jsonObject, optionalText, requiredText } from './members.ts';
import { invalidAttributeValue, invalidParameter } from './refusals.ts';
import type { Topic } from './topic.ts';

const LARGEST = 262_144;

/** What somebody publishes. */
export interface Notification {
  readonly subject: string | undefined;
  /** The message for a protocol; without MessageStructure the same for all. */
  readonly messageFor: (protocol: string) => string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly bytes: number;
}

/** Reads Publish or an entry of its batch. @throws {AwsError} as AWS for what it refuses */
export function parseNotification(topic: Topic, input: JsonObject): Notification {
  const message = requiredText(input, 'Message');
  if (message === '') throw invalidParameter('Empty message');
  const subject = parseSubject(input);
  const { MessageAttributes } = read(sns, { MessageAttributes: messageAttributes }, input);
  const attributes = checkMessageAttributes(MessageAttributes, invalidAttributeValue);
  const bytes = Buffer.byteLength(message) + Buffer.byteLength(subject ?? '') + attributesBytes(MessageAttributes);
  if (bytes > LARGEST) throw invalidParameter('Message too long');
  return {
    subject,
    messageFor: parseStructure(input, message),
    attributes,
    ...parsePlace(topic, input, message),
    bytes,
  };
}

/** @throws {AwsError} where the messages of a batch together are too long for one request */
export function tooLongTogether(notifications: readonly Notification[]): boolean {
  return notifications.reduce((sum, { bytes }) => sum + bytes, 0) > LARGEST;
}

function parseSubject(input: JsonObject): string | undefined {
  const subject = optionalText(input, 'Subject');
  if (subject === undefined) return undefined;
  if (!/^[\u0020-\u007E]{1,100}$/.test(subject) || subject.startsWith(' ')) throw invalidParameter('Subject');
  return subject;
}

/** With MessageStructure `json` the message is an object: a text for each protocol, and one for the rest. */
function parseStructure(input: JsonObject, message: string): (protocol: string) => string {
  const structure = optionalText(input, 'MessageStructure');
  if (structure === undefined) return () => message;
  if (structure !== 'json') throw invalidParameter('Message Structure - must be json');
  let texts: JsonObject;
  try {
    texts = jsonObject('Message', message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const fallback = texts['default'];
  if (typeof fallback !== 'string') throw invalidParameter('Message Structure - No default entry in JSON message body');
  return (protocol) => {
    const text = texts[protocol];
    return typeof text === 'string' ? text : fallback;
  };
}

function parsePlace(
  topic: Topic,
  input: JsonObject,
  message: string,
): Pick<Notification, 'groupId' | 'deduplicationId'> {
  const groupId = optionalText(input, 'MessageGroupId');
  const deduplicationId = optionalText(input, 'MessageDeduplicationId');
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
  return { groupId, deduplicationId: createHash('sha256').update(message).digest('hex') };
}
