import type { Json } from '@baton/asl';
import type { JsonObject } from '../../service.ts';
import type { TaskCall } from './integration.ts';
import { objectOf, present } from './parameters.ts';
import { sdkMetadata } from './sdk-metadata.ts';
import { sdk1Failure, TaskFailure, type SdkNames } from './task-failure.ts';

const UNMODELLED = new Set(['ValidationException', 'AccessDeniedException']);
const NAMES: SdkNames = {
  prefix: 'Lambda',
  base: 'AWSLambdaException',
  service: 'AWSLambda',
  models: (code) => !UNMODELLED.has(code),
};

/** `lambda:invoke`: the answer's Payload is JSON again; a Payload of null is none; a function's error fails the task. */
export async function callLambda(call: TaskCall): Promise<Json> {
  const { Payload, ...rest } = objectOf(call.parameters);
  const answer = await invoke(call, {
    ...rest,
    Payload: Payload === undefined || Payload === null ? undefined : bytes(Payload),
  });
  const text = payloadText(answer);
  const headers = { 'X-Amz-Executed-Version': (answer['ExecutedVersion'] ?? '$LATEST') as string };
  return {
    ExecutedVersion: answer['ExecutedVersion'] as Json,
    ...(answer['LogResult'] !== undefined && { LogResult: answer['LogResult'] as Json }),
    ...(text !== '' && { Payload: JSON.parse(text) as Json }),
    ...sdkMetadata(call.world, 'application/json', Buffer.byteLength(text), headers),
    StatusCode: (answer['StatusCode'] ?? 200) as Json,
  };
}

/** A function's ARN as the resource: its payload is the task's input, its answer the task's result. */
export async function invokeFunction(call: TaskCall, functionArn: string): Promise<Json> {
  const text = payloadText(await invoke(call, { FunctionName: functionArn, Payload: bytes(call.parameters) }));
  return text === '' ? null : (JSON.parse(text) as Json);
}

async function invoke({ world, caller }: TaskCall, input: Record<string, unknown>): Promise<JsonObject> {
  let answer: JsonObject;
  try {
    answer = await world.call('lambda', 'Invoke', present(input), caller);
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
  if (answer['FunctionError'] !== undefined) throw functionFailure(payloadText(answer));
  return answer;
}

/** The error's type becomes the task's error, the whole payload its cause. */
function functionFailure(payload: string): TaskFailure {
  const type = errorType(payload);
  if (type !== undefined) return new TaskFailure(type, payload);
  const cause = 'The cause could not be determined because Lambda did not return an error type.';
  return new TaskFailure('Lambda.Unknown', `${cause} Returned payload: ${payload}`);
}

function errorType(payload: string): string | undefined {
  try {
    const type = (JSON.parse(payload) as { errorType?: unknown } | null)?.errorType;
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}

const bytes = (value: Json): Uint8Array => Buffer.from(JSON.stringify(value));
const payloadText = (answer: JsonObject): string => Buffer.from((answer['Payload'] as Uint8Array) ?? []).toString();
