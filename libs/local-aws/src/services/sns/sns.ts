import { anonymousOf } from '../../kernel/caller.ts';
import type { HttpAnswer, HttpRequest } from '../../kernel/http.ts';
import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { sns } from '../../kit/dialects.ts';
import type { Mail } from './outbox.ts';
import { publishActions } from './publish-actions.ts';
import { SnsState } from './sns-state.ts';
import { confirmationActions, subscriptionActions } from './subscription-actions.ts';
import { policyOf } from './topic.ts';
import { tagActions, topicActions } from './topic-actions.ts';

export interface Sns extends Service {
  /** The mails to subscribed addresses, oldest first. Nothing is sent to anybody. */
  readonly outbox: readonly Mail[];
}

/** Amazon SNS: topics, and subscriptions of queues, functions, HTTP endpoints and mail addresses. */
export function createSns(world: World): Sns {
  const state = new SnsState(world);
  return {
    id: 'sns',
    resourceFacts: {
      policyOf: (arn) => policyOf(state.topics.get(arn), world.accountId),
      tagsOf: (arn) => state.topics.get(arn)?.tags,
    },
    actions: actionsIn(sns, {
      ...topicActions(state),
      ...tagActions(state),
      ...subscriptionActions(state),
      ...confirmationActions(state),
      ...publishActions(state),
    }),
    outbox: state.outbox.mails,
    handlers: { sns: (request) => followLink(state, request) },
  };
}

/** The links in messages to subscribers: they confirm and unsubscribe without a signature, and show the signing key. */
async function followLink(state: SnsState, request: HttpRequest): Promise<HttpAnswer> {
  if (request.path.endsWith('.pem')) return text(200, 'application/x-pem-file', state.signer.publicKey());
  const { Action: name, ...link } = Object.fromEntries(new URLSearchParams(request.query));
  if (name !== 'ConfirmSubscription' && name !== 'Unsubscribe') {
    return text(400, 'text/plain', 'A link confirms a subscription or ends one.\n');
  }
  if (name === 'Unsubscribe' && state.subscriptions.get(link['SubscriptionArn'] ?? '')?.endsBySignatureOnly) {
    return text(403, 'text/plain', 'This subscription ends by a signed request only.\n');
  }
  const input = { ...link, AuthenticateOnUnsubscribe: false }; // It takes a signature to ask for one.
  try {
    const { SubscriptionArn: arn } = await state.world.call(anonymousOf(state.world), `sns:${name}`, input);
    const result =
      typeof arn === 'string' ? `<${name}Result><SubscriptionArn>${arn}</SubscriptionArn></${name}Result>` : '';
    const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';
    return text(200, 'text/xml', `<${name}Response xmlns="${namespace}">${result}</${name}Response>`);
  } catch (error) {
    return text(400, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`);
  }
}

const text = (status: number, type: string, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': type },
  body,
});
