import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import { parseJsonObject } from '../../kit/json-object.ts';
import { invalidParameter } from './refusals.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** What the attributes of a queue mean. `attributes` are the texts that GetQueueAttributes returns. */
export interface QueueSettings {
  readonly attributes: Readonly<Record<string, string>>;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly deduplicationScope: 'queue' | 'messageGroup';
  readonly delay: Millis;
  readonly maximumMessageBytes: number;
  readonly retention: Millis;
  readonly wait: Millis;
  readonly visibilityTimeout: Millis;
  readonly redrive: RedrivePolicy | undefined;
}

// The attributes, their ranges and their defaults are those of AWS. [documented: API Reference, "SetQueueAttributes"]
const ranges: Readonly<Record<string, readonly [min: number, max: number]>> = {
  DelaySeconds: [0, 900],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};
const choices: Readonly<Record<string, readonly string[]>> = {
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoQueue: ['true'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  SqsManagedSseEnabled: ['true', 'false'],
};
const texts = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];
const fifoOnly = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoQueue', 'FifoThroughputLimit'];

const standardDefaults: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};
const fifoDefaults: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoQueue: 'true',
  FifoThroughputLimit: 'perQueue',
};

/** The names of what can be set. GetQueueAttributes returns these and the counters. */
export const settableAttributes: readonly string[] = [...Object.keys(ranges), ...Object.keys(choices), ...texts];

/** @throws {AwsError} InvalidAttributeName, InvalidAttributeValue */
export function createSettings(given: Readonly<Record<string, string>>): QueueSettings {
  const fifo = given['FifoQueue'] === 'true';
  check(given, fifo);
  const encryption = given['KmsMasterKeyId'] ? { SqsManagedSseEnabled: 'false' } : {};
  return settings({ ...standardDefaults, ...(fifo && fifoDefaults), ...encryption, ...given });
}

/** The settings after SetQueueAttributes. An empty text removes a policy. @throws {AwsError} as createSettings */
export function changeSettings(current: QueueSettings, given: Readonly<Record<string, string>>): QueueSettings {
  check(given, current.fifo);
  return settings({ ...current.attributes, ...given });
}

function check(given: Readonly<Record<string, string>>, fifo: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    if (!settableAttributes.includes(name) || (!fifo && fifoOnly.includes(name))) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    const range = ranges[name];
    const inRange = range === undefined || (/^\d+$/.test(value) && +value >= range[0] && +value <= range[1]);
    if (!inRange || choices[name]?.includes(value) === false) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  if (given['KmsMasterKeyId'] && given['SqsManagedSseEnabled'] === 'true') {
    const message = 'You can use one type of server-side encryption (SSE) at one time.';
    throw new AwsError('InvalidAttributeName', `${message} You can either enable KMS SSE or SQS SSE.`);
  }
}

function settings(all: Readonly<Record<string, string>>): QueueSettings {
  const attributes = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  const seconds = (name: string): Millis => Number(attributes[name]) * 1000;
  return {
    attributes,
    fifo: attributes['FifoQueue'] === 'true',
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationScope: attributes['DeduplicationScope'] === 'messageGroup' ? 'messageGroup' : 'queue',
    delay: seconds('DelaySeconds'),
    maximumMessageBytes: Number(attributes['MaximumMessageSize']),
    retention: seconds('MessageRetentionPeriod'),
    wait: seconds('ReceiveMessageWaitTimeSeconds'),
    visibilityTimeout: seconds('VisibilityTimeout'),
    redrive: parseRedrivePolicy(attributes['RedrivePolicy']),
  };
}

/** @throws {AwsError} InvalidParameterValue where the text is not a policy */
function parseRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  if (text === undefined) return undefined;
  const bad = (reason: string): AwsError => invalidParameter('RedrivePolicy', text, reason);
  const policy = parseJsonObject(text);
  if (policy === undefined) throw bad('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  if (typeof deadLetterTargetArn !== 'string' || deadLetterTargetArn === '') {
    throw bad('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  }
  if (!/^arn:[^:]+:sqs:[^:]*:\d+:[^:]+$/.test(deadLetterTargetArn)) throw bad('Invalid value for deadLetterTargetArn.');
  if (maxReceiveCount === undefined) {
    throw bad('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  }
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw bad('Invalid value for maxReceiveCount: must be between 1 and 1000.');
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}
