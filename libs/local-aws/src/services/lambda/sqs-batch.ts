import type { JsonObject } from '../../kernel/service.ts';
import { list, mapOf, optional, required, structure, text, withDefault } from '../../kit/reader.ts';

const messageAttribute = structure({
  DataType: required(text()),
  StringValue: optional(text()),
  /** Base64. */
  BinaryValue: optional(text()),
});

const receivedMessage = structure({
  MessageId: required(text()),
  ReceiptHandle: required(text()),
  Body: required(text()),
  MD5OfBody: required(text()),
  Attributes: withDefault(mapOf(text()), {}),
  MessageAttributes: withDefault(mapOf(messageAttribute), {}),
});

/** A message as ReceiveMessage returns it. */
export type ReceivedMessage = ReturnType<typeof receivedMessage>;

/** The response of ReceiveMessage. */
export const receivedMessages = { Messages: withDefault(list(receivedMessage), []) };

/** The event that a function gets for a batch of messages. */
export function toSqsEvent(messages: readonly ReceivedMessage[], queueArn: string, region: string): JsonObject {
  return { Records: messages.map((message) => toRecord(message, queueArn, region)) };
}

function toRecord(message: ReceivedMessage, eventSourceARN: string, awsRegion: string): JsonObject {
  const attributes = Object.entries(message.MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion,
  };
}

/**
 * Returns the messages that are done. Of a partial batch response those that it does not name; none where the response cannot be
 * read or names a message that is not in the batch; all where there is nothing in it.
 * [documented: Lambda Developer Guide, "Reporting batch item failures"]
 */
export function doneMessages(
  messages: readonly ReceivedMessage[],
  payload: string,
  partial: boolean,
): readonly ReceivedMessage[] {
  if (!partial) return messages;
  const failures = memberOf(JSON.parse(payload), 'batchItemFailures');
  if (failures === undefined || failures === null) return messages;
  if (!Array.isArray(failures)) return [];
  const known = new Set<unknown>(messages.map((message) => message.MessageId));
  const failed = new Set(failures.map((failure) => memberOf(failure, 'itemIdentifier')));
  return [...failed].every((id) => known.has(id)) ? messages.filter((message) => !failed.has(message.MessageId)) : [];
}

/** Undefined also where the value has no members at all. */
const memberOf = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
