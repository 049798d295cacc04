import type { Json } from '@baton/asl';
import { optional, text } from '../../../kit/reader.ts';
import { jsonText, present, readParameters } from './parameters.ts';
import { withMetadata } from './responses.ts';
import { sdk1Failure, type SdkNames } from './sdk-failures.ts';
import { TaskFailure, type TaskCall } from './task-call.ts';

const NAMES: SdkNames = {
  prefix: 'SQS',
  base: 'AmazonSQSException',
  service: 'AmazonSQS',
  models: (code) => ['InvalidMessageContents', 'QueueDoesNotExist', 'UnsupportedOperation', 'OverLimit'].includes(code),
};

const shape = { QueueUrl: optional(text()), MessageBody: jsonText };

/** `sqs:sendMessage`. MessageBody may be any JSON. */
export async function callSqs({ world, parameters, caller }: TaskCall): Promise<Json> {
  const { rest, ...members } = readParameters(parameters, shape);
  checkHost(members.QueueUrl);
  try {
    return withMetadata(world, await world.call(caller, 'sqs:SendMessage', present({ ...rest, ...members })));
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}

/** The SDK connects to the queue's URL, and a host name without a dot does not resolve. [recorded] */
function checkHost(queueUrl = ''): void {
  const host = /^https?:\/\/([^/:]+)/.exec(queueUrl)?.[1];
  if (host === undefined || host === 'localhost' || host.includes('.')) return;
  throw new TaskFailure('SQS.SdkClientException', `Unable to execute HTTP request: ${host}: Name or service not known`);
}
