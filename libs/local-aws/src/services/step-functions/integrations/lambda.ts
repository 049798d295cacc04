import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { jsonProblem } from '../api/json-text.ts';
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

/**
 * `lambda:invoke`. A Payload of null is not sent, and one that is JSON text is sent as it is: `"0"` reaches the function as the
 * number 0 (recorded: test_lambda_task_service__test_invoke_json_values). The result's Payload is the function's answer as
 * JSON. @throws {TaskFailure} with the function's error
 */
export async function callLambda(call: TaskCall): Promise<Json> {
  const { Payload, ...rest } = objectOf(call.parameters);
  const answer = await invoke(call, {
    ...rest,
    Payload: Payload === undefined || Payload === null ? undefined : Buffer.from(jsonText(Payload)),
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
  const text = payloadText(
    await invoke(call, { FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(call.parameters)) }),
  );
  return text === '' ? null : (JSON.parse(text) as Json);
}

async function invoke({ world, caller }: TaskCall, input: Record<string, unknown>): Promise<JsonObject> {
  let answer: JsonObject;
  try {
    answer = await world.call(caller, 'lambda:Invoke', present(input));
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

const jsonText = (value: Json): string =>
  typeof value === 'string' && jsonProblem(value) === undefined ? value : JSON.stringify(value);

const payloadText = (answer: JsonObject): string => Buffer.from((answer['Payload'] as Uint8Array) ?? []).toString();
