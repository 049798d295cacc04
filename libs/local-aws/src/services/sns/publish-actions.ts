import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { deliver, type Consignment } from './deliver.ts';
import { passes } from './filter-policy.ts';
import { list, requiredText } from './members.ts';
import { parseNotification, tooLongTogether, type Notification } from './notification.ts';
import { invalidParameter } from './refusals.ts';
import type { SnsState } from './sns-state.ts';
import type { Published, Topic } from './topic.ts';

const MOST_ENTRIES = 10;

/** The actions that publish. They answer before the subscribers have the message. */
export function publishActions(state: SnsState): Record<string, Action> {
  return {
    Publish(input) {
      if (input['PhoneNumber'] !== undefined) throw invalidParameter('PhoneNumber Reason: Local AWS sends no SMS');
      const topic = state.topic(input, input['TargetArn'] === undefined ? 'TopicArn' : 'TargetArn');
      return { ...publish(state, topic, parseNotification(topic, input)) };
    },

    PublishBatch(input) {
      const topic = state.topic(input);
      const entries = parseEntries(input);
      const parsed = entries.map((entry) => [requiredText(entry, 'Id'), parseEntry(topic, entry)] as const);
      const good = parsed.flatMap(([, notification]) => (notification instanceof AwsError ? [] : [notification]));
      if (tooLongTogether(good)) {
        throw new AwsError(
          'BatchRequestTooLong',
          'The length of all the messages put together is more than the limit.',
        );
      }
      const answer = { Successful: [] as JsonObject[], Failed: [] as JsonObject[] };
      for (const [Id, notification] of parsed) {
        if (notification instanceof AwsError) {
          answer.Failed.push({ Id, Code: notification.code, Message: notification.message, SenderFault: true });
        } else {
          answer.Successful.push({ Id, ...publish(state, topic, notification) });
        }
      }
      return answer;
    },
  };
}

function parseEntry(topic: Topic, entry: JsonObject): Notification | AwsError {
  try {
    return parseNotification(topic, entry);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function parseEntries(input: JsonObject): readonly JsonObject[] {
  const entries = list(input, 'PublishBatchRequestEntries');
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > MOST_ENTRIES) {
    throw new AwsError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  }
  const ids = entries.map((entry) => requiredText(entry, 'Id'));
  if (ids.some((id) => !/^[A-Za-z0-9_-]{1,80}$/.test(id))) {
    const message = "The Id of a batch entry in a batch request doesn't abide by the specification.";
    throw new AwsError('InvalidBatchEntryId', message);
  }
  if (new Set(ids).size < ids.length) {
    const message = 'Two or more batch entries in the request have the same Id.';
    throw new AwsError('BatchEntryIdsNotDistinct', message);
  }
  return entries;
}

/** Sends the message on its way to every confirmed subscription whose filter it passes. */
function publish(state: SnsState, topic: Topic, notification: Notification): Published {
  const { world } = state;
  const now = world.clock.now();
  const { deduplicationId } = notification;
  const first = deduplicationId === undefined ? undefined : topic.deduplication.find(deduplicationId, now);
  if (first !== undefined) return first;

  const published = stamp(state, topic);
  if (deduplicationId !== undefined) topic.deduplication.remember(deduplicationId, published, now);
  const courier = { world, maker: state.maker(topic), outbox: state.outbox };
  for (const subscription of topic.subscriptions.values()) {
    const message = notification.messageFor(subscription.protocol);
    const { filter } = subscription.settings;
    if (subscription.token || (filter && !passes(filter, message, notification.attributes))) continue;
    const consignment: Consignment = {
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
    void deliver(courier, subscription, consignment);
  }
  return published;
}

function stamp(state: SnsState, topic: Topic): Published {
  const MessageId = state.world.uuid();
  if (!topic.fifo) return { MessageId };
  topic.lastSequenceNumber += 1;
  return { MessageId, SequenceNumber: `1${String(topic.lastSequenceNumber * 1000).padStart(19, '0')}` };
}
