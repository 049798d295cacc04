import type { Json } from '@baton/asl';
import type { TaskCall } from './integration.ts';
import { objectOf, present, textOf } from './parameters.ts';
import { sdkMetadata } from './sdk-metadata.ts';
import { sdk1Failure, type SdkNames } from './task-failure.ts';

const MODELLED = new Set([
  'AuthorizationError',
  'EndpointDisabled',
  'InternalError',
  'InvalidParameter',
  'InvalidParameterValue',
  'InvalidSecurity',
  'KMSAccessDenied',
  'KMSDisabled',
  'KMSInvalidState',
  'KMSNotFound',
  'KMSOptInRequired',
  'KMSThrottling',
  'NotFound',
  'PlatformApplicationDisabled',
  'ValidationException',
]);
const NAMES: SdkNames = {
  prefix: 'SNS',
  base: 'AmazonSNSException',
  service: 'AmazonSNS',
  models: (code) => MODELLED.has(code),
};

/** `sns:publish`. Message may be any JSON. */
export async function callSns({ world, parameters, caller }: TaskCall): Promise<Json> {
  const { Message, ...rest } = objectOf(parameters);
  try {
    const answer = await world.call(caller, 'sns:Publish', present({ ...rest, Message: textOf(Message) }));
    return { ...answer, ...sdkMetadata(world, 'text/xml', JSON.stringify(answer).length) };
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}
