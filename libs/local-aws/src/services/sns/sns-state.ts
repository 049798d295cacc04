import type { World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { optional, required, text } from '../../kit/reader.ts';
import type { EnvelopeMaker, Links } from './envelope.ts';
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
    this.outbox = new Outbox(() => world.clock.now(), this.links, world.retain);
  }

  topicArn(name: string): string {
    return arnOf(this.world, 'sns', name);
  }

  /** By the ARN that the member holds. @throws {AwsError} InvalidParameter, NotFound */
  topic(arn: string, member = 'TopicArn'): Topic {
    checkArn(arn, member);
    const topic = this.topics.get(arn);
    if (topic === undefined) throw noSuchTopic();
    return topic;
  }

  /** @throws {AwsError} InvalidParameter, NotFound */
  subscription(arn: string): Subscription {
    checkArn(arn, 'SubscriptionArn');
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

function checkArn(arn: string, member: string): void {
  const elements = arn.split(':').length;
  if (elements >= 6) return;
  throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${elements}`);
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

/** An ARN in a request. */
export const arn = required(text());

export const pageMembers = { NextToken: optional(text()) };

/** A hundred items at a time, as every list of SNS. [documented: API Reference, "ListTopics"] */
export function listOf<T>(
  items: readonly T[],
  { NextToken: token }: { readonly NextToken: string | undefined },
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const refuse = () => invalidParameter('NextToken');
  const { items: page, next } = pageOf(items, { token }, { usual: 100, refuse });
  return { items: page, next: next === undefined ? {} : { NextToken: next } };
}
