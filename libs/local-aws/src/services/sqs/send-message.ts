import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, JsonObject } from '../../kernel/service.ts';
import {
  attributesBytes,
  checkMessageAttributes,
  messageAttributes,
  type MessageAttributes,
} from '../../kit/message-attributes.ts';
import { integer, optional, required, text, type Members } from '../../kit/reader.ts';
import { sequenceNumber, type Letter } from './message.ts';
import { md5, md5OfAttributes } from './message-md5.ts';
import type { Queue } from './queue.ts';
import { invalidParameter, invalidValue, missingParameter } from './refusals.ts';

// [documented: SQS Developer Guide, "Quotas"]
const MAX_BATCH_BYTES = 1_048_576;
const MAX_ATTRIBUTES = 10;
const MAX_DELAY_SECONDS = 900;
/** What XML 1.0 does not allow, which SQS still refuses. [documented: API Reference, "SendMessage"] */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const WRONG_TYPE = 'The request include parameter that is not valid for this queue type.';
const ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** The members of SendMessage and of the entries of its batch. What depends on the queue is checked by `sendMessage`. */
export const messageMembers = {
  MessageBody: required(text({ min: 1 })),
  DelaySeconds: optional(integer()),
  MessageAttributes: messageAttributes,
  MessageSystemAttributes: messageAttributes,
  MessageGroupId: optional(text()),
  MessageDeduplicationId: optional(text()),
};
type GivenMessage = Members<typeof messageMembers>;

/** Puts the message into the queue, for the next `handOver`. @throws {AwsError} for what the queue does not take */
export function sendMessage(queue: Queue, given: GivenMessage, caller: Caller): JsonObject {
  const system = checkSystemAttributes(given);
  const letter = letterOf(queue, given, system, caller);
  const delaySeconds = checkDelay(queue, given);
  const message = queue.send(letter, delaySeconds === undefined ? queue.settings.delay : delaySeconds * 1000);
  return {
    MD5OfMessageBody: letter.md5OfBody,
    ...(letter.md5OfAttributes !== undefined && { MD5OfMessageAttributes: letter.md5OfAttributes }),
    ...(Object.keys(system).length > 0 && { MD5OfMessageSystemAttributes: md5OfAttributes(system) }),
    MessageId: message.id,
    ...(queue.settings.fifo && { SequenceNumber: sequenceNumber(message.place) }),
  };
}

/**
 * @throws {AwsError} BatchRequestTooLong for the sum of the messages; MissingParameter where a FIFO queue has no place for one of
 *   them
 */
export function checkBatch(queue: Queue, entries: readonly GivenMessage[]): void {
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (queue.settings.fifo) for (const entry of entries) checkPlace(queue, entry);
  if (bytes > MAX_BATCH_BYTES) {
    const message = `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`;
    throw new AwsError('BatchRequestTooLong', message);
  }
}

const bytesOf = ({ MessageBody, MessageAttributes }: GivenMessage): number =>
  Buffer.byteLength(MessageBody) + attributesBytes(MessageAttributes);

function letterOf(queue: Queue, given: GivenMessage, system: MessageAttributes, caller: Caller): Letter {
  const body = checkBody(given);
  const attributes = checkMessageAttributes(given.MessageAttributes, invalidValue);
  const count = Object.keys(attributes).length;
  if (count > MAX_ATTRIBUTES) {
    throw invalidValue(`Number of message attributes [${count}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`);
  }
  const limit = queue.settings.maximumMessageBytes;
  if (bytesOf(given) > limit) {
    throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  return {
    body,
    md5OfBody: md5(body),
    attributes,
    md5OfAttributes: count > 0 ? md5OfAttributes(attributes) : undefined,
    traceHeader: system['AWSTraceHeader']?.StringValue,
    senderId: senderId(caller),
    ...checkPlace(queue, given),
  };
}

function checkBody({ MessageBody }: GivenMessage): string {
  if (!FORBIDDEN.test(MessageBody)) return MessageBody;
  const allowed = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
  throw new AwsError('InvalidMessageContents', `Invalid characters found. Valid unicode characters are ${allowed}`);
}

/** AWSTraceHeader is the only one. [documented: API Reference, "SendMessage"] */
function checkSystemAttributes({ MessageSystemAttributes }: GivenMessage): MessageAttributes {
  const attributes = checkMessageAttributes(MessageSystemAttributes, invalidValue);
  const unknown = Object.keys(attributes).find((name) => name !== 'AWSTraceHeader');
  if (unknown === undefined) return attributes;
  throw invalidValue(`Message system attribute name '${unknown}' is invalid. Only AWSTraceHeader can be sent.`);
}

function checkDelay(queue: Queue, { DelaySeconds: seconds }: GivenMessage): number | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 0 || seconds > MAX_DELAY_SECONDS) {
    const reason = `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`;
    throw invalidParameter('DelaySeconds', seconds, reason);
  }
  if (!queue.settings.fifo) return seconds;
  if (seconds > 0) throw invalidParameter('DelaySeconds', seconds, WRONG_TYPE);
  return undefined;
}

/** The message group and the deduplication id. A FIFO queue needs both, a standard queue refuses the second. */
function checkPlace(queue: Queue, given: GivenMessage): Pick<Letter, 'groupId' | 'deduplicationId'> {
  const groupId = checkId(given, 'MessageGroupId');
  const deduplicationId = checkId(given, 'MessageDeduplicationId');
  if (!queue.settings.fifo) {
    if (deduplicationId !== undefined) {
      throw invalidParameter('MessageDeduplicationId', deduplicationId, WRONG_TYPE);
    }
    return { groupId, deduplicationId: undefined };
  }
  if (groupId === undefined) throw missingParameter('MessageGroupId');
  if (deduplicationId !== undefined) return { groupId, deduplicationId };
  if (!queue.settings.contentBasedDeduplication) {
    throw invalidValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: createHash('sha256').update(given.MessageBody).digest('hex') };
}

function checkId(given: GivenMessage, name: 'MessageGroupId' | 'MessageDeduplicationId'): string | undefined {
  const id = given[name];
  if (id !== undefined && !ID.test(id)) {
    const rule = 'can only include alphanumeric and punctuation characters. 1 to 128 in length.';
    throw invalidParameter(name, id, `${name} ${rule}`);
  }
  return id;
}

/** The unique id of the caller: of a role with its session, or of a user. [documented: API Reference, "ReceiveMessage"; the ids are made up] */
function senderId(caller: Caller): string {
  const session = /:assumed-role\/[^/]+\/(.+)$/.exec(caller.principalArn)?.[1];
  return session === undefined ? 'AIDALOCALAWSLOCALAWS1' : `AROALOCALAWSLOCALAWS1:${session}`;
}
