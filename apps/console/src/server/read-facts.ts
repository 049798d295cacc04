/** Single facts, each by the calls that it needs. What is not there is a fact; what may not be read is an error of the SDK. */
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import {
  type Approver,
  errorName,
  type Facts,
  type FunctionFacts,
  type HostFacts,
  type QueueFacts,
} from '@baton/token-lib';
import { snsSubscriptions } from '@baton/token-lib/aws/sns-subscriptions';
import type { FactClients } from './gather-facts.ts';

/** @returns the answer, or undefined where AWS says by one of these names that it is not there */
async function unlessMissing<T>(names: RegExp, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (names.test(errorName(error))) return undefined;
    throw error;
  }
}

export async function hostFacts({ ec2, ssm }: FactClients, instanceId: string): Promise<HostFacts> {
  const [found, agents] = await Promise.all([
    unlessMissing(/NotFound/, ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }))),
    ssm.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] })),
  ]);
  return {
    state: found?.Reservations?.[0]?.Instances?.[0]?.State?.Name,
    agent: agents.InstanceInformationList?.[0]?.PingStatus,
  };
}

export async function functionFacts({ lambda }: FactClients, functionName: string): Promise<FunctionFacts> {
  const name = functionName.replace(/^.*:function:/, '').replace(/:.*$/, '');
  const found = await unlessMissing(
    /ResourceNotFound/,
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  if (found === undefined) return { name, exists: false, state: '' };
  const { ReservedConcurrentExecutions: reservedConcurrency } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName: name }),
  );
  return { name, exists: true, state: found.State ?? '', reservedConcurrency };
}

/** `consumer` is the function that an event source mapping gives the messages to. */
export async function queueFacts(
  clients: FactClients,
  QueueUrl: string,
): Promise<QueueFacts & { readonly consumer: string | undefined }> {
  const name = QueueUrl.split('/').at(-1) ?? QueueUrl;
  const attributes = await attributesOf(clients, QueueUrl);
  if (attributes === undefined)
    return { ...{ name, exists: false, visible: 0, inFlight: 0, delayed: 0, dead: 0 }, consumer: undefined };
  const { EventSourceMappings = [] } = await clients.lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: attributes['QueueArn'] ?? '' }),
  );
  const [mapping] = EventSourceMappings;
  return {
    ...{ name, exists: true },
    visible: Number(attributes['ApproximateNumberOfMessages']),
    inFlight: Number(attributes['ApproximateNumberOfMessagesNotVisible']),
    delayed: Number(attributes['ApproximateNumberOfMessagesDelayed']),
    dead: await deadLetters(clients, attributes['RedrivePolicy']),
    mapping: mapping?.State,
    consumer: mapping?.FunctionArn,
  };
}

const attributesOf = async ({ sqs }: FactClients, QueueUrl: string): Promise<Record<string, string> | undefined> =>
  (
    await unlessMissing(
      /NonExistentQueue|QueueDoesNotExist/,
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    )
  )?.Attributes;

async function deadLetters(clients: FactClients, redrivePolicy: string | undefined): Promise<number> {
  const arn = /"deadLetterTargetArn"\s*:\s*"([^"]+)"/.exec(redrivePolicy ?? '')?.[1];
  if (arn === undefined) return 0;
  const { QueueUrl = '' } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }));
  return Number((await attributesOf(clients, QueueUrl))?.['ApproximateNumberOfMessages'] ?? 0);
}

/** What the platform's own lines say of a callback: the last word of Step Functions, and the last refusal. */
export function logFacts(lines: readonly string[]): Pick<Facts, 'told' | 'refused'> {
  const told = lines.findLast((line) => line.includes('"message":"told Step Functions"')) ?? '';
  const [, answer] = /"answer":"(transient|denied)"/.exec(told) ?? [];
  const http = lines.findLast((line) => line.includes('"message":"http"')) ?? '';
  const [, refused] = /"status":4\d\d.*"(?:message|why|error)":"([^"]+)"/.exec(http) ?? [];
  return {
    told: answer === undefined ? undefined : { answer, error: /"error":"([^"]+)"/.exec(told)?.[1] ?? 'unknown' },
    refused,
  };
}

/** Approvers whom no confirmed subscription to the notices would tell. The dispatcher's environment names the topic. */
export async function untoldApprovers(
  { lambda, sns }: FactClients,
  dispatcher: string,
  approvers: readonly Approver[],
): Promise<string[]> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: dispatcher }));
  const topicArn = Environment?.Variables?.['BATON_NOTICE_TOPIC_ARN'];
  if (topicArn === undefined || topicArn === '') return [];
  const whyUnread = snsSubscriptions(sns, topicArn, () => 0);
  const untold = await Promise.all(
    approvers.map(async ({ name, email }) =>
      (await whyUnread({ approver: name, ...(email !== undefined && { email }) })) === undefined ? [] : name,
    ),
  );
  return untold.flat();
}
