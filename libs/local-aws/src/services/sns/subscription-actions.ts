import { createHash } from 'node:crypto';
import type { Caller, JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, mapOf, required, text, withDefault, type Members } from '../../kit/reader.ts';
import { parseEndpoint, parseProtocol } from './endpoint.ts';
import { confirmationEnvelope } from './envelope.ts';
import { deliverOverHttp } from './http-delivery.ts';
import { invalidAttributes, invalidParameter } from './refusals.ts';
import { arn, listOf, pageMembers, type SnsState } from './sns-state.ts';
import { parseSettings, subscriptionAttributes, type Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** Two days. [documented: SNS Developer Guide, "Confirm the subscription"] */
const TOKEN_LIFE = 2 * 24 * 3_600_000;
const PENDING = 'pending confirmation';

const ofSubscription = { SubscriptionArn: arn };

const subscribeMembers = {
  TopicArn: arn,
  Protocol: required(text()),
  Endpoint: withDefault(text(), ''),
  Attributes: withDefault(mapOf(text()), {}),
  ReturnSubscriptionArn: withDefault(flag, false),
};

/** The actions on subscriptions themselves. IAM knows only the topic as a resource, so those that name none are for `*`. */
export const subscriptionActions = (state: SnsState): Record<string, UnboundAction> => ({
  Subscribe: action(subscribeMembers, {
    resources: ({ TopicArn }) => [TopicArn],
    evidence: 'documented',
    run(request, caller) {
      const subscription = subscribe(state, state.topic(request.TopicArn), request, caller);
      const hidden = subscription.token !== undefined && !request.ReturnSubscriptionArn;
      return { SubscriptionArn: hidden ? PENDING : subscription.arn };
    },
  }),

  ListSubscriptions: action(pageMembers, {
    evidence: 'documented',
    run: (page) => listed([...state.subscriptions.values()], page),
  }),

  ListSubscriptionsByTopic: action(
    { TopicArn: arn, ...pageMembers },
    {
      resources: ({ TopicArn }) => [TopicArn],
      evidence: 'documented',
      run: ({ TopicArn, ...page }) => listed([...state.topic(TopicArn).subscriptions.values()], page),
    },
  ),

  GetSubscriptionAttributes: action(ofSubscription, {
    evidence: 'documented',
    run: ({ SubscriptionArn }) => ({ Attributes: subscriptionAttributes(state.subscription(SubscriptionArn)) }),
  }),

  SetSubscriptionAttributes: action(
    { SubscriptionArn: arn, AttributeName: required(text()), AttributeValue: withDefault(text(), '') },
    {
      evidence: 'documented',
      run({ SubscriptionArn, AttributeName, AttributeValue }) {
        const subscription = state.subscription(SubscriptionArn);
        const changed = { ...subscription.settings.attributes, [AttributeName]: AttributeValue };
        subscription.settings = parseSettings(subscription.protocol, changed, invalidParameter);
        return {};
      },
    },
  ),
});

/** The actions that links in messages lead to. Nobody needs a signature for them. */
export const confirmationActions = (state: SnsState): Record<string, UnboundAction> => ({
  ConfirmSubscription: action(
    { TopicArn: arn, Token: required(text()), AuthenticateOnUnsubscribe: withDefault(flag, false) },
    {
      resources: ({ TopicArn }) => [TopicArn],
      evidence: 'documented',
      run({ TopicArn, Token, AuthenticateOnUnsubscribe }) {
        const topic = state.topic(TopicArn);
        const now = state.world.clock.now();
        const pending = [...topic.subscriptions.values()].find((subscription) => subscription.token?.text === Token);
        if (!pending?.token || pending.token.expiresAt < now) throw invalidParameter('Token');
        pending.token = undefined;
        pending.endsBySignatureOnly = AuthenticateOnUnsubscribe;
        return { SubscriptionArn: pending.arn };
      },
    },
  ),

  /** Ending a subscription that does not exist succeeds. */
  Unsubscribe: action(ofSubscription, {
    evidence: 'documented',
    run({ SubscriptionArn }) {
      const subscription = state.subscriptions.get(SubscriptionArn);
      if (subscription === undefined) {
        if (SubscriptionArn.split(':').length < 6) throw invalidParameter('SubscriptionId');
        return {};
      }
      state.subscriptions.delete(SubscriptionArn);
      const topic = state.topics.get(subscription.topicArn);
      if (topic?.subscriptions.delete(SubscriptionArn)) topic.deletedSubscriptions += 1;
      return {};
    },
  }),
});

/** The new subscription, or the one that the endpoint has. An endpoint that has not confirmed is asked again. */
function subscribe(
  state: SnsState,
  topic: Topic,
  request: Members<typeof subscribeMembers>,
  caller: Caller,
): Subscription {
  const protocol = parseProtocol(request.Protocol);
  const endpoint = parseEndpoint(topic, protocol, request.Endpoint);
  const settings = parseSettings(protocol, request.Attributes, invalidAttributes);
  const existing = [...topic.subscriptions.values()].find(
    (other) => other.protocol === protocol && other.endpoint === endpoint,
  );
  if (existing) checkSame(existing, request.Attributes);
  const subscription: Subscription = existing ?? {
    arn: `${topic.arn}:${state.world.uuid()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    owner: caller.accountId,
    principal: caller.principalArn,
    settings,
    token: undefined,
    endsBySignatureOnly: false,
    mailedAt: [],
  };
  topic.subscriptions.set(subscription.arn, subscription);
  state.subscriptions.set(subscription.arn, subscription);
  const mustConfirm = protocol !== 'sqs' && protocol !== 'lambda';
  if (mustConfirm && (existing === undefined || existing.token)) askToConfirm(state, topic, subscription);
  return subscription;
}

/** Subscribing an endpoint again does nothing where the attributes are as they were. */
function checkSame(existing: Subscription, given: Readonly<Record<string, string>>): void {
  const { attributes } = existing.settings;
  if (Object.entries(given).some(([name, value]) => attributes[name] !== value)) {
    throw invalidAttributes('Subscription already exists with different attributes');
  }
}

/** Sends the endpoint the token that ConfirmSubscription wants back. */
export function askToConfirm(state: SnsState, topic: Topic, subscription: Subscription): void {
  const { world, outbox } = state;
  const token = createHash('sha512').update(world.uuid()).digest('hex');
  subscription.token = { text: token, expiresAt: world.clock.now() + TOKEN_LIFE };
  if (subscription.protocol === 'email' || subscription.protocol === 'email-json') {
    outbox.askToConfirm(subscription, token);
    return;
  }
  const messageId = world.uuid();
  const request = { messageId, token, topicArn: topic.arn, timestamp: state.timestamp() };
  void deliverOverHttp(
    world,
    {
      url: subscription.endpoint,
      type: 'SubscriptionConfirmation',
      messageId,
      topicArn: topic.arn,
      subscriptionArn: undefined,
      raw: false,
      body: JSON.stringify(confirmationEnvelope(state.maker(topic), request), null, 2),
    },
    subscription.settings.retries,
  );
}

function listed(subscriptions: readonly Subscription[], page: { readonly NextToken: string | undefined }): JsonObject {
  const { items, next } = listOf(subscriptions, page);
  return {
    Subscriptions: items.map((subscription) => ({
      SubscriptionArn: subscription.token ? 'PendingConfirmation' : subscription.arn,
      Owner: subscription.owner,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      TopicArn: subscription.topicArn,
    })),
    ...next,
  };
}
