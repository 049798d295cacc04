import { anonymousOf } from '../../kernel/caller.ts';
import { legacy, type LegacyAction } from '../../kit/legacy.ts';
import type { HttpAnswer, HttpRequest } from '../../kernel/http.ts';
import type { Service, World } from '../../kernel/service.ts';
import type { Mail } from './outbox.ts';
import { publishActions } from './publish-actions.ts';
import { SnsState } from './sns-state.ts';
import { subscriptionActions } from './subscription-actions.ts';
import { topicActions } from './topic-actions.ts';

export interface Sns extends Service {
  /** The mails to subscribed addresses, oldest first. Nothing is sent to anybody. */
  readonly outbox: readonly Mail[];
}

/** Amazon SNS: topics, and subscriptions of queues, functions, HTTP endpoints and mail addresses. */
export function createSns(world: World): Sns {
  const state = new SnsState(world);
  const actions = { ...topicActions(state), ...subscriptionActions(state), ...publishActions(state) };
  return {
    id: 'sns',
    actions: legacy(actions),
    outbox: state.outbox.mails,
    handlers: { sns: (request) => followLink(state, actions, request) },
  };
}

/** The links in messages to subscribers: they confirm and unsubscribe without a signature, and show the signing key. */
async function followLink(
  state: SnsState,
  actions: Readonly<Record<string, LegacyAction>>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  if (request.path.endsWith('.pem')) return text(200, 'application/x-pem-file', state.signer.publicKey());
  const { Action: name = '', ...link } = Object.fromEntries(new URLSearchParams(request.query));
  const input = { ...link, AuthenticateOnUnsubscribe: false }; // It takes a signature to ask for one.
  const action = ['ConfirmSubscription', 'Unsubscribe'].includes(name) ? actions[name] : undefined;
  if (action === undefined) return text(400, 'text/plain', 'A link confirms a subscription or ends one.\n');
  if (name === 'Unsubscribe' && state.subscriptions.get(link['SubscriptionArn'] ?? '')?.endsBySignatureOnly) {
    return text(403, 'text/plain', 'This subscription ends by a signed request only.\n');
  }
  try {
    const { SubscriptionArn: arn } = await action(input, anonymousOf(state.world));
    const result =
      typeof arn === 'string' ? `<${name}Result><SubscriptionArn>${arn}</SubscriptionArn></${name}Result>` : '';
    return text(
      200,
      'text/xml',
      `<${name}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${result}</${name}Response>`,
    );
  } catch (error) {
    return text(400, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`);
  }
}

const text = (status: number, type: string, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': type },
  body,
});
