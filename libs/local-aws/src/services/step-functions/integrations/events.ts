import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { integer, json, list, optional, required } from '../../../kit/reader.ts';
import { readResponse } from '../../../kit/response.ts';
import { jsonText, present, readParameters } from './parameters.ts';
import { withMetadata } from './responses.ts';
import { sdk1Failure, type SdkNames } from './sdk-failures.ts';
import { TaskFailure, type TaskCall } from './task-call.ts';

const NAMES: SdkNames = {
  prefix: 'EventBridge',
  base: 'AmazonEventBridgeException',
  service: 'AmazonEventBridge',
  models: (code) => code !== 'ValidationException',
};

const shape = { Entries: optional(list(json)) };
const entryShape = { Detail: jsonText, Resources: optional(list(json)) };
const responseShape = { FailedEntryCount: required(integer()) };

/**
 * `events:putEvents`. Detail may be any JSON; the execution and its machine become resources of every event. One refused
 * entry fails the task, with the whole response as its cause. [recorded]
 */
export async function callEvents({ world, parameters, execution, caller }: TaskCall): Promise<Json> {
  const { rest, Entries } = readParameters(parameters, shape);
  const own = [execution.stateMachineArn, execution.executionArn];
  const input = present({ ...rest, Entries: Entries?.map((entry) => toEntry(entry, own)) });
  let response: JsonObject;
  try {
    response = await world.call(caller, 'events:PutEvents', input);
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
  const { FailedEntryCount } = readResponse(responseShape, response);
  if (FailedEntryCount !== 0) throw new TaskFailure('EventBridge.FailedEntry', JSON.stringify(response));
  return withMetadata(world, response, {}, 'application/x-amz-json-1.1');
}

function toEntry(entry: Json, own: readonly string[]): JsonObject {
  const { rest, Detail, Resources = [] } = readParameters(entry, entryShape);
  return present({ ...rest, Detail, Resources: [...Resources, ...own] });
}
