import type { Json } from '@baton/asl';
import type { TaskCall } from './integration.ts';
import { objectOf, present, textOf } from './parameters.ts';
import { sdkMetadata } from './sdk-metadata.ts';
import { sdk1Failure, TaskFailure, type SdkNames } from './task-failure.ts';

const NAMES: SdkNames = {
  prefix: 'EventBridge',
  base: 'AmazonEventBridgeException',
  service: 'AmazonEventBridge',
  models: (code) => code !== 'ValidationException',
};

/**
 * `events:putEvents`. Detail may be any JSON; the execution and its machine become resources of every event. One refused
 * entry fails the task, with the whole answer as its cause. [recorded]
 */
export async function callEvents({ world, parameters, execution, caller }: TaskCall): Promise<Json> {
  const { Entries, ...rest } = objectOf(parameters);
  const own = [execution.stateMachineArn, execution.executionArn];
  const entries = Array.isArray(Entries) ? Entries.map((entry) => toEntry(entry, own)) : Entries;
  let answer: Record<string, unknown>;
  try {
    answer = await world.call(caller, 'events:PutEvents', present({ ...rest, Entries: entries }));
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
  if (answer['FailedEntryCount'] !== 0) throw new TaskFailure('EventBridge.FailedEntry', JSON.stringify(answer));
  const metadata = sdkMetadata(world, 'application/x-amz-json-1.1', JSON.stringify(answer).length);
  return { ...answer, ...metadata };
}

function toEntry(entry: Json, own: readonly string[]): Record<string, unknown> {
  const { Detail, Resources, ...rest } = objectOf(entry);
  const resources = [...(Array.isArray(Resources) ? Resources : []), ...own];
  return present({ ...rest, Detail: textOf(Detail), Resources: resources });
}
