import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, Service, ServiceId } from '../../kernel/service.ts';
import type { HttpAnswer, HttpRequest } from '../../kernel/http.ts';

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

export function jsonAnswer(request: HttpRequest, output: JsonObject): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': contentType(request) },
    body: JSON.stringify(withBase64(output)),
  };
}

/** Blobs are base64 in JSON. They are direct members of a response in every action here. */
function withBase64(output: JsonObject): JsonObject {
  const blobs = Object.entries(output).filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array);
  if (blobs.length === 0) return output;
  return {
    ...output,
    ...Object.fromEntries(blobs.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])),
  };
}

export function jsonRefusal(request: HttpRequest, service: Service | undefined, error: AwsError): HttpAnswer {
  const headers: Record<string, string> = { 'content-type': contentType(request), 'x-amzn-errortype': error.code };
  if (service?.queryCodes !== undefined) {
    const code = service.queryCodes[error.code] ?? error.code;
    headers['x-amzn-query-error'] = `${code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  }
  return {
    status: error.status,
    headers,
    body: JSON.stringify({ __type: error.code, message: error.message, ...error.details }),
  };
}

const contentType = (request: HttpRequest): string =>
  (request.headers['content-type'] as string | undefined) ?? 'application/x-amz-json-1.1';
