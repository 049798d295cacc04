import type { JsonObject } from '../../kernel/service.ts';

/** A message as ReceiveMessage answers it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<
    Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>
  >;
}

/** The event that a function gets for a batch of messages. */
export function toSqsEvent(messages: readonly ReceivedMessage[], queueArn: string, region: string): JsonObject {
  return { Records: messages.map((message) => toRecord(message, queueArn, region)) };
}

function toRecord(message: ReceivedMessage, eventSourceARN: string, awsRegion: string): JsonObject {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ],
  );
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes) as JsonObject,
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion,
  };
}

/**
 * The messages that are done. Of a partial batch response those that it does not name; none where the response cannot be read or
 * names a message that is not of the batch; all where there is nothing in it.
 */
export function doneMessages(
  messages: readonly ReceivedMessage[],
  payload: string,
  partial: boolean,
): readonly ReceivedMessage[] {
  if (!partial) return messages;
  const response = JSON.parse(payload) as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
  const failures = response?.batchItemFailures;
  if (failures === undefined || failures === null) return messages;
  if (!Array.isArray(failures)) return [];
  const known = new Set<unknown>(messages.map((message) => message.MessageId));
  const failed = new Set(failures.map((failure) => failure?.itemIdentifier));
  return [...failed].every((id) => known.has(id)) ? messages.filter((message) => !failed.has(message.MessageId)) : [];
}
