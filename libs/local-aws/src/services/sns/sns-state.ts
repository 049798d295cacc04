import type { JsonObject, World } from '../../kernel/service.ts';
import type { EnvelopeMaker, Links } from './envelope.ts';
import { optionalText, requiredText } from './members.ts';
import { Outbox } from './outbox.ts';
import { invalidParameter, noSuchSubscription, noSuchTopic } from './refusals.ts';
import { createSigner, type Signer } from './signature.ts';
import type { Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** The topics and subscriptions of the account, in the order of their creation. */
export class SnsState {
  readonly world: World;
  readonly topics = new Map<string, Topic>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly links: Links;
  readonly outbox: Outbox;
  readonly signer: Signer = createSigner();

  constructor(world: World) {
    this.world = world;
    this.links = createLinks(world);
    this.outbox = new Outbox(() => world.clock.now(), this.links);
  }

  topicArn(name: string): string {
    return `arn:aws:sns:${this.world.region}:${this.world.accountId}:${name}`;
  }

  /** The topic that the request names. @throws {AwsError} InvalidParameter, NotFound */
  topic(input: JsonObject, member = 'TopicArn'): Topic {
    const arn = requiredText(input, member);
    const elements = arn.split(':');
    if (elements.length < 6) {
      throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${elements.length}`);
    }
    const topic = this.topics.get(arn);
    if (topic === undefined) throw noSuchTopic();
    return topic;
  }

  /** @throws {AwsError} InvalidParameter, NotFound */
  subscription(input: JsonObject): Subscription {
    const arn = requiredText(input, 'SubscriptionArn');
    const elements = arn.split(':');
    if (elements.length < 6) {
      throw invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${elements.length}`);
    }
    const subscription = this.subscriptions.get(arn);
    if (subscription === undefined) throw noSuchSubscription();
    return subscription;
  }

  maker(topic: Topic): EnvelopeMaker {
    return {
      links: this.links,
      signer: this.signer,
      signatureVersion: topic.attributes.get('SignatureVersion') ?? '1',
    };
  }

  timestamp(): string {
    return new Date(this.world.clock.now()).toISOString();
  }
}

function createLinks(world: World): Links {
  const link = (query: Record<string, string>): string =>
    `${world.endpoint()}/_aws/sns/?${new URLSearchParams(query).toString()}`;
  return {
    get certificate() {
      return `${world.endpoint()}/_aws/sns/SimpleNotificationService.pem`;
    },
    confirm: (topicArn, token) => link({ Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token }),
    unsubscribe: (subscriptionArn) => link({ Action: 'Unsubscribe', SubscriptionArn: subscriptionArn }),
  };
}

/** A page of at most a hundred, and the token for the next. */
export function onePage<T>(items: readonly T[], input: JsonObject): { page: readonly T[]; next: JsonObject } {
  const token = optionalText(input, 'NextToken') ?? '';
  const start = Number(Buffer.from(token, 'base64').toString() || 0);
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('NextToken');
  const end = start + 100;
  const next = end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {};
  return { page: items.slice(start, end), next };
}
