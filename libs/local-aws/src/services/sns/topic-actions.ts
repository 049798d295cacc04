import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { list, optionalText, requiredText, textMap, texts } from './members.ts';
import { invalidParameter } from './refusals.ts';
import { onePage, type SnsState } from './sns-state.ts';
import { createTopic, topicAttributes, type Topic } from './topic.ts';

const settable = [
  'ArchivePolicy',
  'ContentBasedDeduplication',
  'DeliveryPolicy',
  'DisplayName',
  'FifoThroughputScope',
  'KmsMasterKeyId',
  'Policy',
  'SignatureVersion',
  'TracingConfig',
];

/** The actions on topics themselves. */
export function topicActions(state: SnsState): Record<string, Action> {
  return {
    CreateTopic(input) {
      const name = requiredText(input, 'Name');
      const attributes = textMap(input, 'Attributes');
      checkName(name, attributes['FifoTopic'] === 'true');
      for (const attribute of Object.keys(attributes)) if (attribute !== 'FifoTopic') checkAttribute(attribute);
      const arn = state.topicArn(name);
      const existing = state.topics.get(arn);
      if (existing) {
        checkSame(existing, attributes, tagsOf(input));
        return { TopicArn: arn };
      }
      const topic = createTopic(arn, name, attributes);
      addTags(topic, tagsOf(input));
      state.topics.set(arn, topic);
      return { TopicArn: arn };
    },

    /** Deleting a topic that is not there is no fault. */
    DeleteTopic(input) {
      const topic = state.topics.get(requiredText(input, 'TopicArn'));
      for (const arn of topic?.subscriptions.keys() ?? []) state.subscriptions.delete(arn);
      if (topic) state.topics.delete(topic.arn);
      return {};
    },

    GetTopicAttributes(input) {
      return { Attributes: topicAttributes(state.topic(input), state.world.accountId) };
    },

    SetTopicAttributes(input) {
      const topic = state.topic(input);
      const name = requiredText(input, 'AttributeName');
      checkAttribute(name);
      topic.attributes.set(name, optionalText(input, 'AttributeValue') ?? '');
      return {};
    },

    ListTopics(input) {
      const { page, next } = onePage([...state.topics.keys()], input);
      return { Topics: page.map((TopicArn) => ({ TopicArn })), ...next };
    },

    TagResource(input) {
      addTags(state.topic(input, 'ResourceArn'), tagsOf(input));
      return {};
    },

    UntagResource(input) {
      const topic = state.topic(input, 'ResourceArn');
      for (const key of texts(input, 'TagKeys')) topic.tags.delete(key);
      return {};
    },

    ListTagsForResource(input) {
      const { tags } = state.topic(input, 'ResourceArn');
      return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function checkName(name: string, fifo: boolean): void {
  if (fifo && !/^[A-Za-z0-9_-]{1,251}\.fifo$/.test(name)) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (!fifo && !/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
}

function checkAttribute(name: string): void {
  const known = settable.includes(name) || /^[A-Za-z]+(Success|Failure)Feedback(RoleArn|SampleRate)$/.test(name);
  if (!known) throw invalidParameter('AttributeName');
}

/** Creating a topic again is harmless where it says nothing new. */
function checkSame(
  topic: Topic,
  attributes: Readonly<Record<string, string>>,
  tags: ReadonlyMap<string, string>,
): void {
  if (Object.entries(attributes).some(([name, value]) => topic.attributes.get(name) !== value)) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  if ([...tags].some(([key, value]) => topic.tags.get(key) !== value)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
}

function tagsOf(input: JsonObject): ReadonlyMap<string, string> {
  return new Map(list(input, 'Tags').map((tag) => [requiredText(tag, 'Key'), requiredText(tag, 'Value')]));
}

function addTags(topic: Topic, tags: ReadonlyMap<string, string>): void {
  for (const [key, value] of tags) topic.tags.set(key, value);
}
