import { createHash } from 'node:crypto';
import type { Caller, JsonObject } from '../../kernel/service.ts';
import { optionalInteger, optionalString, requiredString } from './members.ts';
import { sequenceNumber, type Letter, type MessageAttributes } from './message.ts';
import { attributesBytes, parseMessageAttributes } from '../../kit/message-attributes.ts';
import { md5, md5OfAttributes } from './message-md5.ts';
import type { Queue } from './queue.ts';
import { invalidParameter, invalidValue, missingParameter, refusal } from './refusals.ts';

const LARGEST_BATCH = 1_048_576;
/** What XML 1.0 allows, which SQS still asks for. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const WRONG_TYPE = 'The request include parameter that is not valid for this queue type.';
const ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** A checked message, ready to be put into the queue. */
export interface Dispatch {
  readonly letter: Letter;
  readonly delaySeconds: number | undefined;
  readonly md5OfSystemAttributes: string | undefined;
}

/** Reads SendMessage or an entry of its batch. @throws {AwsError} as AWS for what it refuses */
export function parseDispatch(queue: Queue, input: JsonObject, caller: Caller): Dispatch {
  const body = parseBody(input);
  const attributes = parseMessageAttributes(input, 'MessageAttributes', invalidValue);
  const count = Object.keys(attributes).length;
  if (count > 10) throw invalidValue(`Number of message attributes [${count}] exceeds the allowed maximum [10].`);
  const limit = queue.settings.maximumMessageBytes;
  if (Buffer.byteLength(body) + attributesBytes(attributes) > limit) {
    throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  const system = parseSystemAttributes(input);
  return {
    letter: {
      body,
      md5OfBody: md5(body),
      attributes,
      md5OfAttributes: count > 0 ? md5OfAttributes(attributes) : undefined,
      traceHeader: system['AWSTraceHeader']?.StringValue,
      senderId: senderId(caller),
      ...parsePlace(queue, input, body),
    },
    delaySeconds: parseDelay(queue, input),
    md5OfSystemAttributes: Object.keys(system).length > 0 ? md5OfAttributes(system) : undefined,
  };
}

/** Refuses a batch that is too long as a whole, or has no place in a FIFO queue for one of its messages. */
export function checkBatch(queue: Queue, entries: readonly JsonObject[]): void {
  let bytes = 0;
  for (const entry of entries) {
    const body = requiredString(entry, 'MessageBody');
    bytes +=
      Buffer.byteLength(body) + attributesBytes(parseMessageAttributes(entry, 'MessageAttributes', invalidValue));
    if (queue.settings.fifo) parsePlace(queue, entry, body);
  }
  if (bytes > LARGEST_BATCH) {
    const message = `Batch requests cannot be longer than ${LARGEST_BATCH} bytes. You have sent ${bytes} bytes.`;
    throw refusal('BatchRequestTooLong', message);
  }
}

/** Puts the message into the queue. */
export function dispatch(queue: Queue, { letter, delaySeconds, md5OfSystemAttributes }: Dispatch): JsonObject {
  const message = queue.send(letter, delaySeconds === undefined ? queue.settings.delay : delaySeconds * 1000);
  return {
    MD5OfMessageBody: letter.md5OfBody,
    ...(letter.md5OfAttributes !== undefined && { MD5OfMessageAttributes: letter.md5OfAttributes }),
    ...(md5OfSystemAttributes !== undefined && { MD5OfMessageSystemAttributes: md5OfSystemAttributes }),
    MessageId: message.id,
    ...(queue.settings.fifo && { SequenceNumber: sequenceNumber(message.place) }),
  };
}

function parseBody(input: JsonObject): string {
  const body = requiredString(input, 'MessageBody');
  if (!FORBIDDEN.test(body)) return body;
  const allowed = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
  throw refusal('InvalidMessageContents', `Invalid characters found. Valid unicode characters are ${allowed}`);
}

function parseSystemAttributes(input: JsonObject): MessageAttributes {
  const attributes = parseMessageAttributes(input, 'MessageSystemAttributes', invalidValue);
  const unknown = Object.keys(attributes).find((name) => name !== 'AWSTraceHeader');
  if (unknown === undefined) return attributes;
  throw invalidValue(`Message system attribute name '${unknown}' is invalid. Only AWSTraceHeader can be sent.`);
}

function parseDelay(queue: Queue, input: JsonObject): number | undefined {
  const seconds = optionalInteger(input, 'DelaySeconds');
  if (seconds === undefined) return undefined;
  if (seconds < 0 || seconds > 900) {
    throw invalidParameter('DelaySeconds', seconds, 'DelaySeconds must be >= 0 and <= 900.');
  }
  if (queue.settings.fifo && seconds > 0) {
    throw invalidParameter('DelaySeconds', seconds, WRONG_TYPE);
  }
  return queue.settings.fifo ? undefined : seconds;
}

/** The message group and the deduplication id, which a FIFO queue needs and a standard queue mostly refuses. */
function parsePlace(queue: Queue, input: JsonObject, body: string): Pick<Letter, 'groupId' | 'deduplicationId'> {
  const groupId = parseId(input, 'MessageGroupId');
  const deduplicationId = parseId(input, 'MessageDeduplicationId');
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
  return { groupId, deduplicationId: createHash('sha256').update(body).digest('hex') };
}

function parseId(input: JsonObject, name: string): string | undefined {
  const id = optionalString(input, name);
  if (id !== undefined && !ID.test(id)) {
    const rule = 'can only include alphanumeric and punctuation characters. 1 to 128 in length.';
    throw invalidParameter(name, id, `${name} ${rule}`);
  }
  return id;
}

/** The unique id behind the caller: of a role with its session, or of a user. */
function senderId(caller: Caller): string {
  const session = /:assumed-role\/[^/]+\/(.+)$/.exec(caller.principalArn)?.[1];
  return session === undefined ? 'AIDALOCALAWSLOCALAWS1' : `AROALOCALAWSLOCALAWS1:${session}`;
}
