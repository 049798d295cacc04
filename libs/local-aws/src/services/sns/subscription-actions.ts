import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, JsonObject } from '../../kernel/service.ts';
import { parseEndpoint, parseProtocol, type Protocol } from './endpoint.ts';
import { confirmationEnvelope } from './envelope.ts';
import { deliverOverHttp } from './http-delivery.ts';
import { isTrue, optionalText, requiredText, textMap } from './members.ts';
import { invalidParameter } from './refusals.ts';
import { onePage, type SnsState } from './sns-state.ts';
import { parseSettings, subscriptionAttributes } from './subscription.ts';
import type { Subscription, SubscriptionSettings } from './subscription.ts';
import type { Topic } from './topic.ts';

const TOKEN_LIFE = 2 * 24 * 3_600_000;
const PENDING = 'pending confirmation';

/** The actions on subscriptions. */
export function subscriptionActions(state: SnsState): Record<string, Action> {
  return {
    Subscribe(input, caller) {
      const topic = state.topic(input);
      const subscription = subscribe(state, topic, input, caller);
      const hidden = subscription.token !== undefined && !isTrue(input, 'ReturnSubscriptionArn');
      return { SubscriptionArn: hidden ? PENDING : subscription.arn };
    },

    ConfirmSubscription(input) {
      const topic = state.topic(input);
      const token = requiredText(input, 'Token');
      const now = state.world.clock.now();
      const pending = [...topic.subscriptions.values()].find((subscription) => subscription.token?.text === token);
      if (!pending?.token || pending.token.expiresAt < now) throw invalidParameter('Token');
      pending.token = undefined;
      pending.endsBySignatureOnly = isTrue(input, 'AuthenticateOnUnsubscribe');
      return { SubscriptionArn: pending.arn };
    },

    /** Unsubscribing again is no fault. */
    Unsubscribe(input) {
      const arn = requiredText(input, 'SubscriptionArn');
      const subscription = state.subscriptions.get(arn);
      if (subscription === undefined) {
        if (arn.split(':').length < 6) throw invalidParameter('SubscriptionId');
        return {};
      }
      state.subscriptions.delete(arn);
      const topic = state.topics.get(subscription.topicArn);
      if (topic?.subscriptions.delete(arn)) topic.deletedSubscriptions += 1;
      return {};
    },

    ListSubscriptions(input) {
      return listed([...state.subscriptions.values()], input);
    },

    ListSubscriptionsByTopic(input) {
      return listed([...state.topic(input).subscriptions.values()], input);
    },

    GetSubscriptionAttributes(input) {
      return { Attributes: subscriptionAttributes(state.subscription(input)) };
    },

    SetSubscriptionAttributes(input) {
      const subscription = state.subscription(input);
      const name = requiredText(input, 'AttributeName');
      const changed = { ...subscription.settings.attributes, [name]: optionalText(input, 'AttributeValue') ?? '' };
      subscription.settings = parseSettings(subscription.protocol, changed);
      return {};
    },
  };
}

/** The new subscription, or the one that the endpoint has. Who has yet to confirm is asked (again). */
function subscribe(state: SnsState, topic: Topic, input: JsonObject, caller: Caller): Subscription {
  const protocol = parseProtocol(requiredText(input, 'Protocol'));
  const endpoint = parseEndpoint(topic, protocol, optionalText(input, 'Endpoint') ?? '');
  const given = textMap(input, 'Attributes');
  const settings = parseGiven(protocol, given);
  const existing = [...topic.subscriptions.values()].find(
    (other) => other.protocol === protocol && other.endpoint === endpoint,
  );
  if (existing) checkSame(existing, given);
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
  };
  topic.subscriptions.set(subscription.arn, subscription);
  state.subscriptions.set(subscription.arn, subscription);
  const mustConfirm = protocol !== 'sqs' && protocol !== 'lambda';
  if (mustConfirm && (existing === undefined || existing.token)) askToConfirm(state, topic, subscription);
  return subscription;
}

/** Faults of an attribute are told as faults of the member that holds them all. */
function parseGiven(protocol: Protocol, given: Readonly<Record<string, string>>): SubscriptionSettings {
  try {
    return parseSettings(protocol, given);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`Attributes Reason: ${error.message.replace('Invalid parameter: ', '')}`);
  }
}

/** Subscribing an endpoint again is harmless where the attributes are as they were. */
function checkSame(existing: Subscription, given: Readonly<Record<string, string>>): void {
  const { attributes } = existing.settings;
  if (Object.entries(given).some(([name, value]) => attributes[name] !== value)) {
    throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
  }
}

/** Sends the endpoint the token that ConfirmSubscription wants back. */
function askToConfirm(state: SnsState, topic: Topic, subscription: Subscription): void {
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

function listed(subscriptions: readonly Subscription[], input: JsonObject): JsonObject {
  const { page, next } = onePage(subscriptions, input);
  return {
    Subscriptions: page.map((subscription) => ({
      SubscriptionArn: subscription.token ? 'PendingConfirmation' : subscription.arn,
      Owner: subscription.owner,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      TopicArn: subscription.topicArn,
    })),
    ...next,
  };
}
