import { invalidParameter } from './refusals.ts';
import type { Topic } from './topic.ts';

const protocols = ['sqs', 'lambda', 'http', 'https', 'email', 'email-json'] as const;
export type Protocol = (typeof protocols)[number];

export const isQueueArn = (text: string): boolean => /^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(text);

/** @throws {AwsError} InvalidParameter */
export function parseProtocol(text: string): Protocol {
  const protocol = protocols.find((known) => known === text);
  if (protocol === undefined) throw invalidParameter(`Amazon SNS does not support this protocol string: ${text}`);
  return protocol;
}

/** Checked for its protocol and for the topic's type. @throws {AwsError} InvalidParameter */
export function parseEndpoint(topic: Topic, protocol: Protocol, endpoint: string): string {
  switch (protocol) {
    case 'sqs':
      if (!isQueueArn(endpoint)) throw invalidParameter('SQS endpoint ARN');
      if (endpoint.endsWith('.fifo') && !topic.fifo) {
        const reason = 'FIFO SQS Queues can not be subscribed to standard SNS topics';
        throw invalidParameter(`Invalid parameter: Endpoint Reason: ${reason}`);
      }
      break;
    case 'lambda':
      if (!/^arn:[^:]+:lambda:[^:]+:\d{12}:function:/.test(endpoint)) throw invalidParameter('Lambda endpoint ARN');
      break;
    case 'http':
    case 'https':
      if (!URL.canParse(endpoint) || !endpoint.startsWith(`${protocol}://`)) {
        throw invalidParameter('Endpoint must match the specified protocol');
      }
      break;
    case 'email':
    case 'email-json':
      if (!/^[^\s@]+@[^\s@]+$/.test(endpoint)) throw invalidParameter('Email address');
  }
  if (topic.fifo && protocol !== 'sqs') {
    throw invalidParameter('Invalid parameter: Endpoint Reason: Please use SQS queue as the endpoint of a FIFO topic');
  }
  return endpoint;
}
