import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { blob, integer, json, optional, text, withDefault, type Members } from '../../../kit/reader.ts';
import { readResponse } from '../../../kit/response.ts';
import { isJsonObject, jsonProblem, parseJson } from '../json-text.ts';
import { present, readParameters } from './parameters.ts';
import { sdkMetadata } from './responses.ts';
import { sdk1Failure, type SdkNames } from './sdk-failures.ts';
import { TaskFailure, type TaskCall } from './task-call.ts';

const UNMODELLED = new Set(['ValidationException', 'AccessDeniedException']);
const NAMES: SdkNames = {
  prefix: 'Lambda',
  base: 'AWSLambdaException',
  service: 'AWSLambda',
  models: (code) => !UNMODELLED.has(code),
};

const shape = { Payload: optional(json) };
const responseShape = {
  ExecutedVersion: optional(text()),
  FunctionError: optional(text()),
  LogResult: optional(text()),
  Payload: withDefault(blob(), new Uint8Array()),
  StatusCode: withDefault(integer(), 200),
};

/**
 * `lambda:invoke`. A Payload of null is not sent, and one that is JSON text is sent as it is: `"0"` reaches the function as the
 * number 0 (recorded: test_lambda_task_service__test_invoke_json_values). The result's Payload is the function's response as
 * JSON. @throws {TaskFailure} with the function's error
 */
export async function callLambda(call: TaskCall): Promise<Json> {
  const { rest, Payload } = readParameters(call.parameters, shape);
  const response = await invoke(call, { ...rest, Payload: Payload === undefined ? undefined : sentText(Payload) });
  const { ExecutedVersion, LogResult, StatusCode } = response;
  const headers = { 'X-Amz-Executed-Version': ExecutedVersion ?? '$LATEST' };
  const payload = payloadText(response);
  return {
    ...(ExecutedVersion !== undefined && { ExecutedVersion }),
    ...(LogResult !== undefined && { LogResult }),
    ...(payload !== '' && { Payload: parseJson(payload) }),
    ...sdkMetadata(call.world, 'application/json', Buffer.byteLength(payload), headers),
    StatusCode,
  };
}

/** A function's ARN as the resource: its payload is the task's input, its response the task's result. */
export async function invokeFunction(call: TaskCall, functionArn: string): Promise<Json> {
  const Payload = JSON.stringify(call.parameters);
  const payload = payloadText(await invoke(call, { FunctionName: functionArn, Payload }));
  return payload === '' ? null : parseJson(payload);
}

type Response = Members<typeof responseShape>;

async function invoke(
  { world, caller }: TaskCall,
  { Payload, ...rest }: JsonObject & { readonly Payload: string | undefined },
): Promise<Response> {
  const input = present({ ...rest, Payload: Payload === undefined ? undefined : Buffer.from(Payload) });
  let given: JsonObject;
  try {
    given = await world.call(caller, 'lambda:Invoke', input);
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
  const response = readResponse(responseShape, given);
  if (response.FunctionError !== undefined) throw functionFailure(payloadText(response));
  return response;
}

/** The error's type becomes the task's error, the whole payload its cause. [recorded] */
function functionFailure(payload: string): TaskFailure {
  const type = errorType(payload);
  if (type !== undefined) return new TaskFailure(type, payload);
  const cause = 'The cause could not be determined because Lambda did not return an error type.';
  return new TaskFailure('Lambda.Unknown', `${cause} Returned payload: ${payload}`);
}

function errorType(payload: string): string | undefined {
  const error = jsonProblem(payload) === undefined ? parseJson(payload) : null;
  const type = isJsonObject(error) ? error['errorType'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

const sentText = (payload: Json): string =>
  typeof payload === 'string' && jsonProblem(payload) === undefined ? payload : JSON.stringify(payload);

const payloadText = ({ Payload }: Response): string => Buffer.from(Payload).toString();
