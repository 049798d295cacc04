import { Deduplication } from '../../kit/deduplication.ts';
import type { Subscription } from './subscription.ts';

/** The response to Publish, for the message and for its duplicates. */
export interface Published {
  readonly MessageId: string;
  readonly SequenceNumber?: string;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly fifo: boolean;
  /** As they were set, by the names of the API. */
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  /** By ARN, the pending ones included. */
  readonly subscriptions: Map<string, Subscription>;
  readonly deduplication: Deduplication<Published>;
  deletedSubscriptions: number;
  lastSequenceNumber: number;
}

export function createTopic(arn: string, name: string, attributes: Readonly<Record<string, string>>): Topic {
  return {
    arn,
    name,
    fifo: attributes['FifoTopic'] === 'true',
    attributes: new Map(Object.entries(attributes)),
    tags: new Map(),
    subscriptions: new Map(),
    deduplication: new Deduplication(),
    deletedSubscriptions: 0,
    lastSequenceNumber: 0,
  };
}

/** All attributes, in the shape of GetTopicAttributes. */
export function topicAttributes(topic: Topic, owner: string): Record<string, string> {
  const pending = [...topic.subscriptions.values()].filter((subscription) => subscription.token !== undefined).length;
  return {
    TopicArn: topic.arn,
    Owner: owner,
    DisplayName: '',
    Policy: JSON.stringify(defaultPolicy(topic.arn, owner)),
    EffectiveDeliveryPolicy: JSON.stringify(EFFECTIVE_DELIVERY_POLICY),
    ...(topic.fifo && { ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' }),
    ...Object.fromEntries(topic.attributes),
    SubscriptionsConfirmed: String(topic.subscriptions.size - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
  };
}

const EFFECTIVE_DELIVERY_POLICY = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
};

/** The policy that counts: the one that was set, or the one that every topic begins with. */
export function policyOf(topic: Topic | undefined, owner: string): string | undefined {
  return topic && (topic.attributes.get('Policy') ?? JSON.stringify(defaultPolicy(topic.arn, owner)));
}

const defaultPolicy = (arn: string, owner: string): object => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes',
        'SNS:SetTopicAttributes',
        'SNS:AddPermission',
        'SNS:RemovePermission',
        'SNS:DeleteTopic',
        'SNS:Subscribe',
        'SNS:ListSubscriptionsByTopic',
        'SNS:Publish',
      ],
      Resource: arn,
      Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
    },
  ],
});
