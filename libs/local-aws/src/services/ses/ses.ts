import type { HttpAnswer, HttpRequest } from '../../kernel/http.ts';
import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { apiGateway } from '../../kit/dialects.ts';
import { configurationSetActions, destinationActions, tagActions } from './configuration-set-actions.ts';
import { identityActions, readIdentityActions } from './identity-actions.ts';
import { sendActions } from './send-actions.ts';
import { SesState, type SentMail } from './ses-state.ts';

export interface Ses extends Service {
  /** The mails that were sent, oldest first, and SES's own requests to confirm identities. Nothing is sent to anybody. */
  readonly outbox: readonly SentMail[];
}

/** Amazon SES (API v2): identities, configuration sets with events to EventBridge, simple mails, the sandbox and its mailbox simulator. */
export function createSes(world: World): Ses {
  const state = new SesState(world);
  return {
    id: 'ses',
    resourceFacts: {
      tagsOf: (arn) =>
        [...state.identities.values(), ...state.configurationSets.values()].find((each) => each.arn === arn)?.tags,
    },
    actions: actionsIn(apiGateway, {
      ...identityActions(state),
      ...readIdentityActions(state),
      ...configurationSetActions(state),
      ...destinationActions(state),
      ...tagActions(state),
      ...sendActions(state),
    }),
    outbox: state.mails,
    handlers: { ses: async (request) => verify(state, request) },
  };
}

/** The link in SES's mail to an identity. */
function verify(state: SesState, request: HttpRequest): HttpAnswer {
  const identity = state.identities.get(new URLSearchParams(request.query).get('identity') ?? '');
  if (identity === undefined) return plain(404, 'There is no such identity.\n');
  identity.verified = true;
  return plain(200, `${identity.name} is verified.\n`);
}

const plain = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
});
