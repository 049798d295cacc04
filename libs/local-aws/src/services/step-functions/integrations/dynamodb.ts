import type { Json } from '@baton/asl';
import type { TaskCall } from './integration.ts';
import { objectOf } from './parameters.ts';
import { withMetadata } from './sdk-metadata.ts';
import { sdk1Failure, type SdkNames } from './task-failure.ts';

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
  try {
    const answer = await world.call(caller, `dynamodb:${name}`, objectOf(parameters));
    return withMetadata(world, answer, { Server: 'Server' });
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}
