import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { list, mapOf, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, removeTags, tagKeys, tagMap, type GivenTags } from '../../kit/tags.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { changeSettings, settableAttributes } from './queue-settings.ts';
import { queueArn, queueUrl } from './queue-url.ts';
import { invalidValue } from './refusals.ts';

/** [documented: SQS Developer Guide, "Quotas"] */
const MAX_TAGS = 50;

/** The actions on the attributes of a queue. */
export const attributeActions = (registry: QueueRegistry): Record<string, UnboundAction> => ({
  GetQueueAttributes: action(
    { QueueUrl: queueUrl, AttributeNames: withDefault(list(text()), []) },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, AttributeNames }) {
        const Attributes = attributesOf(registry.byUrl(QueueUrl), AttributeNames);
        return Object.keys(Attributes).length === 0 ? {} : { Attributes };
      },
    },
  ),

  SetQueueAttributes: action(
    { QueueUrl: queueUrl, Attributes: required(mapOf(text())) },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, Attributes }) {
        const queue = registry.byUrl(QueueUrl);
        const settings = changeSettings(queue.settings, Attributes);
        const before = queue.settings.attributes['RedrivePolicy'];
        if (settings.attributes['RedrivePolicy'] !== before) registry.checkRedrive(settings);
        queue.configure(settings);
        return {};
      },
    },
  ),
});

/** The actions on the tags of a queue. */
export const tagActions = (registry: QueueRegistry): Record<string, UnboundAction> => ({
  TagQueue: action(
    { QueueUrl: queueUrl, Tags: tagMap },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, Tags }) {
        addQueueTags(registry.byUrl(QueueUrl), Tags);
        return {};
      },
    },
  ),

  UntagQueue: action(
    { QueueUrl: queueUrl, TagKeys: tagKeys },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, TagKeys }) {
        removeTags(registry.byUrl(QueueUrl).tags, TagKeys);
        return {};
      },
    },
  ),

  ListQueueTags: action(
    { QueueUrl: queueUrl },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl }) {
        const { tags } = registry.byUrl(QueueUrl);
        return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
      },
    },
  ),
});

/** @throws {AwsError} InvalidParameterValue for more tags than a queue may have */
export function addQueueTags(queue: Queue, given: GivenTags = {}): void {
  const keys = new Set([...queue.tags.keys(), ...Object.keys(given)]);
  if (keys.size > MAX_TAGS) throw invalidValue(`Too many tags added for queue ${queue.name}.`);
  addTags(queue.tags, given);
}

function attributesOf(queue: Queue, names: readonly string[]): Readonly<Record<string, string>> {
  const seconds = (time: number): string => String(Math.floor(time / 1000));
  const all: Record<string, string> = {
    ...queue.settings.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(queue.counts['in flight']),
    ApproximateNumberOfMessagesDelayed: String(queue.counts.delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
  };
  if (names.includes('All')) return all;
  const unknown = names.find((name) => !(name in all) && !settableAttributes.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
