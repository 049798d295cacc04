import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { mapOf, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList, type GivenTags } from '../../kit/tags.ts';
import { invalidParameter } from './refusals.ts';
import { arn, listOf, pageMembers, type SnsState } from './sns-state.ts';
import { createTopic, topicAttributes, type Topic } from './topic.ts';

// [documented: API Reference, "SetTopicAttributes"]
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
const FEEDBACK = /^[A-Za-z]+(Success|Failure)Feedback(RoleArn|SampleRate)$/;

const ofTopic = { TopicArn: arn };

/** The actions on topics themselves. */
export const topicActions = (state: SnsState): Record<string, UnboundAction> => ({
  CreateTopic: createTopicAction(state),

  /** Deleting a topic that does not exist succeeds. [documented] */
  DeleteTopic: action(ofTopic, {
    resources: ({ TopicArn }) => [TopicArn],
    evidence: 'documented',
    run({ TopicArn }) {
      const topic = state.topics.get(TopicArn);
      for (const subscription of topic?.subscriptions.keys() ?? []) state.subscriptions.delete(subscription);
      state.topics.delete(TopicArn);
      return {};
    },
  }),

  GetTopicAttributes: action(ofTopic, {
    resources: ({ TopicArn }) => [TopicArn],
    evidence: 'documented',
    run: ({ TopicArn }) => ({ Attributes: topicAttributes(state.topic(TopicArn), state.world.accountId) }),
  }),

  SetTopicAttributes: action(
    { TopicArn: arn, AttributeName: required(text()), AttributeValue: withDefault(text(), '') },
    {
      resources: ({ TopicArn }) => [TopicArn],
      evidence: 'documented',
      run({ TopicArn, AttributeName, AttributeValue }) {
        const topic = state.topic(TopicArn);
        checkAttribute(AttributeName);
        topic.attributes.set(AttributeName, AttributeValue);
        return {};
      },
    },
  ),

  ListTopics: action(pageMembers, {
    evidence: 'documented',
    run(page) {
      const { items, next } = listOf([...state.topics.keys()], page);
      return { Topics: items.map((TopicArn) => ({ TopicArn })), ...next };
    },
  }),
});

const createTopicAction = (state: SnsState): UnboundAction =>
  action(
    { Name: required(text()), Attributes: withDefault(mapOf(text()), {}), Tags: tagList('upper') },
    {
      resources: ({ Name }, caller) => [arnOf(caller, 'sns', Name)],
      evidence: 'documented',
      run({ Name, Attributes, Tags = {} }) {
        checkName(Name, Attributes['FifoTopic'] === 'true');
        for (const attribute of Object.keys(Attributes)) if (attribute !== 'FifoTopic') checkAttribute(attribute);
        const TopicArn = state.topicArn(Name);
        const existing = state.topics.get(TopicArn);
        if (existing) {
          checkSame(existing, Attributes, Tags);
          return { TopicArn };
        }
        const topic = createTopic(TopicArn, Name, Attributes);
        addTags(topic.tags, Tags);
        state.topics.set(TopicArn, topic);
        return { TopicArn };
      },
    },
  );

/** The actions on the tags of topics. */
export const tagActions = (state: SnsState): Record<string, UnboundAction> => ({
  TagResource: action(
    { ResourceArn: arn, Tags: tagList('upper') },
    {
      resources: ({ ResourceArn }) => [ResourceArn],
      evidence: 'documented',
      run({ ResourceArn, Tags }) {
        addTags(state.topic(ResourceArn, 'ResourceArn').tags, Tags);
        return {};
      },
    },
  ),

  UntagResource: action(
    { ResourceArn: arn, TagKeys: tagKeys },
    {
      resources: ({ ResourceArn }) => [ResourceArn],
      evidence: 'documented',
      run({ ResourceArn, TagKeys }) {
        removeTags(state.topic(ResourceArn, 'ResourceArn').tags, TagKeys);
        return {};
      },
    },
  ),

  ListTagsForResource: action(
    { ResourceArn: arn },
    {
      resources: ({ ResourceArn }) => [ResourceArn],
      evidence: 'documented',
      run: ({ ResourceArn }) => ({ Tags: showTags(state.topic(ResourceArn, 'ResourceArn').tags, 'upper') }),
    },
  ),
});

function checkName(name: string, fifo: boolean): void {
  if (fifo && !/^[A-Za-z0-9_-]{1,251}\.fifo$/.test(name)) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (!fifo && !/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
}

function checkAttribute(name: string): void {
  if (!settable.includes(name) && !FEEDBACK.test(name)) throw invalidParameter('AttributeName');
}

/** Creating a topic again does nothing where all that is given is as the topic has it. */
function checkSame(topic: Topic, attributes: Readonly<Record<string, string>>, tags: GivenTags): void {
  if (Object.entries(attributes).some(([name, value]) => topic.attributes.get(name) !== value)) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  if (Object.entries(tags).some(([key, value]) => topic.tags.get(key) !== value)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
}
