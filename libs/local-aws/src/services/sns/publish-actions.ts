import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { checkEntries, doEach, type BatchWords } from '../../kit/batch.ts';
import { list, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import { deliver, type Outgoing } from './deliver.ts';
import { passes } from './filter-policy.ts';
import { MAX_BYTES, messageMembers, notificationBytes, parseNotification, type Notification } from './notification.ts';
import { invalidParameter } from './refusals.ts';
import { arn, type SnsState } from './sns-state.ts';
import { askToConfirm } from './subscription-actions.ts';
import { isFlooded } from './subscription.ts';
import type { Published, Topic } from './topic.ts';

/** The actions that publish. They respond before the subscribers have the message. */
export const publishActions = (state: SnsState): Record<string, UnboundAction> => ({
  Publish: action(
    {
      TopicArn: optional(text()),
      TargetArn: optional(text()),
      PhoneNumber: optional(text()),
      ...messageMembers,
    },
    {
      resources: ({ TopicArn, TargetArn }) => [TargetArn ?? TopicArn ?? '*'],
      evidence: 'recorded',
      run({ TopicArn, TargetArn, PhoneNumber, ...message }) {
        if (PhoneNumber !== undefined) throw invalidParameter('PhoneNumber Reason: Local AWS sends no SMS');
        const target = TargetArn ?? TopicArn;
        if (target === undefined) throw invalidParameter('TopicArn Reason: no value for required parameter');
        const topic = state.topic(target, TargetArn === undefined ? 'TopicArn' : 'TargetArn');
        return { ...publish(state, topic, parseNotification(topic, message)) };
      },
    },
  ),

  PublishBatch: action(
    {
      TopicArn: arn,
      PublishBatchRequestEntries: withDefault(list(structure({ Id: required(text()), ...messageMembers })), []),
    },
    {
      resources: ({ TopicArn }) => [TopicArn],
      evidence: 'documented',
      run({ TopicArn, PublishBatchRequestEntries: entries }) {
        const topic = state.topic(TopicArn);
        checkEntries(entries, BATCH_WORDS);
        if (entries.reduce((sum, entry) => sum + notificationBytes(entry), 0) > MAX_BYTES) {
          const message = 'The length of all the messages put together is more than the limit.';
          throw new AwsError('BatchRequestTooLong', message);
        }
        return { ...doEach(entries, (entry) => ({ ...publish(state, topic, parseNotification(topic, entry)) })) };
      },
    },
  ),
});

// [documented: API Reference, "PublishBatch"]
const BATCH_WORDS: BatchWords = {
  empty: "The batch request doesn't contain any entries.",
  tooMany: () => 'The batch request contains more entries than permissible.',
  badId: "The Id of a batch entry in a batch request doesn't abide by the specification.",
  repeatedId: () => 'Two or more batch entries in the request have the same Id.',
};

/** Sends the message to every confirmed subscription whose filter it passes. */
function publish(state: SnsState, topic: Topic, notification: Notification): Published {
  const { world } = state;
  const now = world.clock.now();
  const { deduplicationId } = notification;
  const first = deduplicationId === undefined ? undefined : topic.deduplication.find(deduplicationId, now);
  if (first !== undefined) return first;

  const published = stamp(state, topic);
  if (deduplicationId !== undefined) topic.deduplication.remember(deduplicationId, published, now);
  const sender = { world, maker: state.maker(topic), outbox: state.outbox };
  for (const subscription of topic.subscriptions.values()) {
    const message = notification.messageFor(subscription.protocol);
    const { filter } = subscription.settings;
    if (subscription.token || (filter && !passes(filter, message, notification.attributes))) continue;
    if (subscription.protocol.startsWith('email') && isFlooded(subscription, now)) {
      askToConfirm(state, topic, subscription);
      continue;
    }
    const outgoing: Outgoing = {
      messageId: published.MessageId,
      sequenceNumber: published.SequenceNumber,
      topicArn: topic.arn,
      subscriptionArn: subscription.arn,
      subject: notification.subject,
      message,
      timestamp: state.timestamp(),
      attributes: notification.attributes,
      groupId: notification.groupId,
      deduplicationId,
    };
    void deliver(sender, subscription, outgoing);
  }
  return published;
}

function stamp(state: SnsState, topic: Topic): Published {
  const MessageId = state.world.uuid();
  if (!topic.fifo) return { MessageId };
  topic.lastSequenceNumber += 1;
  return { MessageId, SequenceNumber: `1${String(topic.lastSequenceNumber * 1000).padStart(19, '0')}` };
}
