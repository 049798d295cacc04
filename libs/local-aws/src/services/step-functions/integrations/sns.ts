import type { Json } from '@baton/asl';
import { jsonText, present, readParameters } from './parameters.ts';
import { withMetadata } from './responses.ts';
import { sdk1Failure, type SdkNames } from './sdk-failures.ts';
import type { TaskCall } from './task-call.ts';

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

const shape = { Message: jsonText };

/** `sns:publish`. Message may be any JSON. */
export async function callSns({ world, parameters, caller }: TaskCall): Promise<Json> {
  const { rest, ...members } = readParameters(parameters, shape);
  try {
    const response = await world.call(caller, 'sns:Publish', present({ ...rest, ...members }));
    return withMetadata(world, response, {}, 'text/xml');
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}
