import type { Json } from '@baton/asl';
import { objectOf } from './parameters.ts';
import { withMetadata } from './responses.ts';
import { sdk1Failure, type SdkNames } from './sdk-failures.ts';
import type { TaskCall } from './task-call.ts';

const UNMODELLED = new Set(['ValidationException', 'AccessDeniedException', 'UnrecognizedClientException']);
const NAMES: SdkNames = {
  prefix: 'DynamoDB',
  base: 'AmazonDynamoDBException',
  service: 'AmazonDynamoDBv2',
  models: (code) => !UNMODELLED.has(code),
};

/** `dynamodb:getItem`, `putItem`, `updateItem`, `deleteItem`. */
export async function callDynamoDb({ world, parameters, caller }: TaskCall, action: string): Promise<Json> {
  const name = action.charAt(0).toUpperCase() + action.slice(1);
  const input = objectOf(parameters);
  try {
    return withMetadata(world, await world.call(caller, `dynamodb:${name}`, input), { Server: 'Server' });
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}
