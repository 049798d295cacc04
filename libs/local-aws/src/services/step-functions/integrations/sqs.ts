import type { Json } from '@baton/asl';
import type { TaskCall } from './integration.ts';
import { objectOf, present, textOf } from './parameters.ts';
import { withMetadata } from './sdk-metadata.ts';
import { sdk1Failure, TaskFailure, type SdkNames } from './task-failure.ts';

const NAMES: SdkNames = {
  prefix: 'SQS',
  base: 'AmazonSQSException',
  service: 'AmazonSQS',
  models: (code) => ['InvalidMessageContents', 'QueueDoesNotExist', 'UnsupportedOperation', 'OverLimit'].includes(code),
};

/** `sqs:sendMessage`. MessageBody may be any JSON. */
export async function callSqs({ world, parameters, caller }: TaskCall): Promise<Json> {
  const { MessageBody, ...rest } = objectOf(parameters);
  checkHost(rest['QueueUrl']);
  try {
    const input = present({ ...rest, MessageBody: textOf(MessageBody) });
    return withMetadata(world, await world.call(caller, 'sqs:SendMessage', input));
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}

/** The SDK connects to the queue's URL, and no resolver knows a name without a dot. [recorded] */
function checkHost(queueUrl: Json | undefined): void {
  const host = typeof queueUrl === 'string' ? /^https?:\/\/([^/:]+)/.exec(queueUrl)?.[1] : undefined;
  if (host === undefined || host === 'localhost' || host.includes('.')) return;
  throw new TaskFailure('SQS.SdkClientException', `Unable to execute HTTP request: ${host}: Name or service not known`);
}
