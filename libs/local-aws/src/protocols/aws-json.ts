import { AwsError } from '../aws-error.ts';
import type { JsonObject, ServiceId } from '../service.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { decodeBlobs, encodeBlobs } from './blobs.ts';
import { parseJsonBody } from './json-body.ts';

/** The prefix of X-Amz-Target says whose action it is. */
const SERVICE_BY_TARGET: ReadonlyMap<string, ServiceId> = new Map([
  ['AWSStepFunctions', 'states'],
  ['AmazonSQS', 'sqs'],
  ['DynamoDB_20120810', 'dynamodb'],
  ['AmazonSSM', 'ssm'],
  ['AWSEvents', 'events'],
  ['Logs_20140328', 'logs'],
  ['TrentService', 'kms'],
]);

export interface Target {
  readonly service: ServiceId;
  readonly action: string;
}

/** @throws {AwsError} UnknownOperationException for a service that is not here */
export function parseTarget(target: string): Target {
  const dot = target.lastIndexOf('.');
  const service = SERVICE_BY_TARGET.get(target.slice(0, dot));
  if (service === undefined) {
    const known = [...SERVICE_BY_TARGET.keys()].join(', ');
    throw new AwsError('UnknownOperationException', `${target} is of no service here; X-Amz-Target knows ${known}`);
  }
  return { service, action: target.slice(dot + 1) };
}

/** @throws {AwsError} SerializationException for a body that is no JSON object */
export const parseJson = (request: HttpRequest, service: ServiceId): JsonObject =>
  decodeBlobs(service, parseJsonBody(request));

export function jsonAnswer(request: HttpRequest, service: ServiceId, output: JsonObject): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': contentType(request) },
    body: JSON.stringify(encodeBlobs(service, output)),
  };
}

export function jsonRefusal(request: HttpRequest, service: ServiceId | undefined, error: AwsError): HttpAnswer {
  const headers: Record<string, string> = { 'content-type': contentType(request), 'x-amzn-errortype': error.code };
  if (service === 'sqs') {
    headers['x-amzn-query-error'] =
      `${QUERY_CODES[error.code] ?? error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  }
  return {
    status: error.status,
    headers,
    body: JSON.stringify({ __type: error.code, message: error.message, ...error.details }),
  };
}

const contentType = (request: HttpRequest): string =>
  (request.headers['content-type'] as string | undefined) ?? 'application/x-amz-json-1.1';

/** SQS spoke the query protocol first; clients that match its codes still see them. */
export const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};
