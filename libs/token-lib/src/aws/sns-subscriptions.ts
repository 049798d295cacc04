/**
 * Who of a topic's subscribers would hand a notice to a person. A notice is refused on positive evidence only: a filter policy that says more than
 * lists of texts may let it through. SNS itself says nothing: Publish succeeds where every subscription filters the message out or is pending.
 */
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { Clock, Notice } from '../ports.ts';
import { seconds } from '../wire/millis.ts';

/** SNS lists at 30 calls a second for the whole account. [documented: SNS quotas] */
const KEPT_FOR = seconds(60);
const MAX_PAGES = 20;

interface Subscription {
  /** `PendingConfirmation` in place of an ARN until the subscriber has confirmed. */
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
}
type Subscribers = readonly Subscription[];

/** Returns why nobody would hand a notice with these attributes to the person; undefined where somebody would. */
export type WhyUnread = (attributes: Notice['attributes']) => Promise<string | undefined>;

/** The subscriptions are remembered for a minute, and asked for anew before a notice is refused: they may be confirmed by now. */
export function snsSubscriptions(client: SNSClient, topicArn: string, clock: Clock): WhyUnread {
  const policies = new Map<string, Promise<FilterPolicy>>();
  let known: { readonly until: number; readonly subscribers: Promise<Subscribers> } | undefined;

  const list = (): Promise<Subscribers> => {
    policies.clear();
    known = { until: clock() + KEPT_FOR, subscribers: subscribersOf(client, topicArn) };
    return known.subscribers;
  };
  const policyOf = (arn: string): Promise<FilterPolicy> => {
    const policy = policies.get(arn) ?? filterPolicyOf(client, arn);
    policies.set(arn, policy);
    return policy;
  };

  return async (attributes) => {
    if (known !== undefined && clock() < known.until) {
      if (await isRead(await known.subscribers, attributes, policyOf)) return undefined;
    }
    const subscribers = await list();
    if (await isRead(subscribers, attributes, policyOf)) return undefined;
    const isPending = subscribers.some(
      ({ arn, endpoint }) => endpoint === attributes['email'] && arn === 'PendingConfirmation',
    );
    return isPending
      ? `the subscription of ${attributes['email']} to the notices is not confirmed: the link in SNS's first mail confirms it`
      : 'no confirmed subscription to the notices takes those with this name and address (module approvals makes one)';
  };
}

/** How many subscriptions of the topic are waiting to be confirmed. */
export async function pendingSubscriptions(client: SNSClient, topicArn: string): Promise<number> {
  const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  return Number(Attributes['SubscriptionsPending'] ?? 0);
}

async function subscribersOf(client: SNSClient, TopicArn: string): Promise<Subscribers> {
  const found: Subscription[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const input = { TopicArn, ...(next !== undefined && { NextToken: next }) };
    const { Subscriptions = [], NextToken } = await client.send(new ListSubscriptionsByTopicCommand(input));
    for (const { SubscriptionArn: arn = '', Protocol: protocol = '', Endpoint: endpoint = '' } of Subscriptions) {
      found.push({ arn, protocol, endpoint });
    }
    if (NextToken === undefined) return found;
    next = NextToken;
  }
  throw new Error(`a topic with more than ${MAX_PAGES} pages of subscriptions`);
}

type FilterPolicy = Readonly<Record<string, unknown>> | 'everything';

async function filterPolicyOf(client: SNSClient, SubscriptionArn: string): Promise<FilterPolicy> {
  const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  const { FilterPolicy: policy, FilterPolicyScope: scope } = Attributes;
  if (policy === undefined || scope === 'MessageBody') return 'everything';
  const parsed: unknown = JSON.parse(policy);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : 'everything';
}

/** Somebody else's mailbox is no way to a person whose address is known. */
async function isRead(
  subscribers: Subscribers,
  attributes: Notice['attributes'],
  policyOf: (arn: string) => Promise<FilterPolicy>,
): Promise<boolean> {
  const { email } = attributes;
  const candidates = subscribers.filter(
    ({ arn, protocol, endpoint }) =>
      arn.startsWith('arn:') && (email === undefined || !protocol.startsWith('email') || endpoint === email),
  );
  const own = candidates.toSorted((a, b) => Number(b.endpoint === email) - Number(a.endpoint === email));
  for (const { arn } of own) if (mayPass(await policyOf(arn), attributes)) return true;
  return false;
}

/** Whether the policy may let it through: each of its keys holds the attribute's value, or something else than a text. */
export function mayPass(policy: FilterPolicy, attributes: Notice['attributes']): boolean {
  if (policy === 'everything') return true;
  return Object.entries(policy).every(([name, allowed]) => {
    if (!Array.isArray(allowed) || allowed.some((value) => typeof value !== 'string')) return true;
    const value = attributes[name];
    return value !== undefined && allowed.includes(value);
  });
}
