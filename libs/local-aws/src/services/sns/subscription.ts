import type { Millis } from '../../kernel/clock/clock.ts';
import { isQueueArn, type Protocol } from './endpoint.ts';
import { parseJsonObject } from '../../kit/json-object.ts';
import { parseFilterPolicy, type FilterPolicy } from './filter-policy.ts';
import type { Refuse } from './refusals.ts';
import { parseRetryPolicy, type RetryPolicy } from './retry-policy.ts';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly owner: string;
  readonly principal: string;
  settings: SubscriptionSettings;
  /** Until the endpoint confirms. */
  token: { readonly text: string; readonly expiresAt: Millis } | undefined;
  /** Confirmed with AuthenticateOnUnsubscribe: the link in its messages does not end it. */
  endsBySignatureOnly: boolean;
  /** When an e-mail endpoint was last sent messages: those of one second. */
  mailedAt: readonly Millis[];
}

/** An e-mail endpoint takes ten messages a second. [documented: SNS Developer Guide, "Email notifications"] */
const MAX_MAILS_A_SECOND = 10;

/** Counts a mail. @returns whether it is one too many in a second: SNS then has the endpoint confirm anew, and delivers nothing until it has */
export function isFlooded(subscription: Subscription, now: Millis): boolean {
  subscription.mailedAt = [...subscription.mailedAt.filter((at) => at > now - 1_000), now];
  return subscription.mailedAt.length > MAX_MAILS_A_SECOND;
}

/** What the attributes of a subscription mean. `attributes` are the texts as they were set. */
export interface SubscriptionSettings {
  readonly attributes: Readonly<Record<string, string>>;
  readonly raw: boolean;
  readonly filter: FilterPolicy | undefined;
  readonly retries: RetryPolicy;
  readonly deadLetterQueueArn: string | undefined;
}

// [documented: API Reference, "SetSubscriptionAttributes"]
const settable = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'SubscriptionRoleArn',
];

/** An empty text removes an attribute. @throws {AwsError} made by `refuse` */
export function parseSettings(
  protocol: Protocol,
  given: Readonly<Record<string, string>>,
  refuse: Refuse,
): SubscriptionSettings {
  const unknown = Object.keys(given).find((name) => !settable.includes(name));
  if (unknown !== undefined) throw refuse('AttributeName');
  const attributes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const {
    RawMessageDelivery: raw = 'false',
    FilterPolicy: policy,
    FilterPolicyScope: scope = 'MessageAttributes',
  } = attributes;
  if (!['true', 'false'].includes(raw.toLowerCase())) {
    throw refuse('RawMessageDelivery: Invalid value. Must be true or false.');
  }
  if (raw.toLowerCase() === 'true' && !['sqs', 'http', 'https'].includes(protocol)) {
    throw refuse(`RawMessageDelivery: Invalid protocol type [${protocol}].`);
  }
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
    const message = `FilterPolicyScope: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`;
    throw refuse(message);
  }
  return {
    attributes,
    raw: raw.toLowerCase() === 'true',
    filter: policy === undefined ? undefined : parseFilterPolicy(policy, scope, refuse),
    retries: parseRetryPolicy(attributes['DeliveryPolicy'], refuse),
    deadLetterQueueArn: parseRedrivePolicy(attributes['RedrivePolicy'], refuse),
  };
}

function parseRedrivePolicy(text: string | undefined, refuse: Refuse): string | undefined {
  if (text === undefined) return undefined;
  const policy = parseJsonObject(text);
  if (policy === undefined) throw refuse('RedrivePolicy: failed to parse JSON.');
  const arn = policy['deadLetterTargetArn'];
  if (typeof arn !== 'string' || !isQueueArn(arn)) {
    throw refuse('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
  return arn;
}

/** All attributes, in the shape of GetSubscriptionAttributes. */
export function subscriptionAttributes(subscription: Subscription): Record<string, string> {
  const { settings } = subscription;
  return {
    RawMessageDelivery: 'false',
    ...(settings.filter && { FilterPolicyScope: settings.filter.scope }),
    ...settings.attributes,
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: subscription.owner,
    SubscriptionPrincipal: subscription.principal,
    PendingConfirmation: String(subscription.token !== undefined),
    ConfirmationWasAuthenticated: String(subscription.token === undefined),
  };
}
