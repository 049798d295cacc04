/** How work is started: a starter for each kind, in the kind's own file. */
import type { CallbackId } from '../wire/callback-id.ts';
import { type BatonErrorCode, errorName } from '../wire/errors.ts';
import { type Link, type LinkKeys, signLink } from '../wire/link.ts';
import type { Millis } from '../wire/millis.ts';
import type { Pause, StartAnswer } from './start-ports.ts';
import { PAUSES, retry } from '../wire/retry.ts';
import { revealWorkSecret, type WorkSecret } from '../wire/work-secret.ts';

/** What a starter needs of the callback. */
export interface Startable {
  readonly callbackId: CallbackId;
  readonly createdAt: Millis;
  readonly deadline: Millis;
  /** Travels with the work of a queue or function, and comes back with its reports. */
  readonly workSecret?: WorkSecret | undefined;
}

/** The members of a message or an invocation that say which callback its worker reports for, and prove it. */
export const addressOf = ({ callbackId, workSecret }: Startable): { callbackId: CallbackId; workSecret?: string } => ({
  callbackId,
  ...(workSecret && { workSecret: revealWorkSecret(workSecret) }),
});

export type Started =
  /** `receipt` is what the started work is called by who runs it. */
  | { readonly answer: 'started'; readonly receipt: string }
  | { readonly answer: 'failed'; readonly code: BatonErrorCode; readonly why: string };

/**
 * @param resumed an earlier dispatch ended somewhere in the middle: look whether it started the work before starting it
 *   (L5)
 */
export type Starter<Work> = (callback: Startable, work: Work, resumed: boolean) => Promise<Started>;

/** What starters of links need: the keys that sign them, and where they lead. */
export interface LinkPorts {
  readonly linkKeys: LinkKeys;
  readonly endpoint: string;
  readonly pause: Pause;
}

type Signed = { readonly answer: 'signed'; readonly url: string } | Extract<Started, { answer: 'failed' }>;

/**
 * Signs a link, three times at the most: KMS may be throttled. A key, an alias or a right that is new may count minutes later (documented: KMS,
 * eventual consistency), so the failure is one that the state tries again after.
 */
export async function signedUrl({ linkKeys, endpoint, pause }: LinkPorts, link: Link): Promise<Signed> {
  const attempt = async (): Promise<Signed> => {
    try {
      return { answer: 'signed', url: `${endpoint}/${link.purpose}s/${await signLink(linkKeys, link)}` };
    } catch (error) {
      return { answer: 'failed', code: 'Unavailable', why: `the link was not signed: ${errorName(error)}` };
    }
  };
  return retry(attempt, { isFinal: ({ answer }) => answer === 'signed', pauses: PAUSES.start, pause });
}

/**
 * Hands work over, three times at the most. Twice does no harm: whoever gets it has the same callbackId, and the first
 * outcome wins (L2).
 */
export async function handOver(what: string, pause: Pause, attempt: () => Promise<StartAnswer>): Promise<Started> {
  const said = await retry(attempt, { isFinal: ({ answer }) => answer !== 'again', pauses: PAUSES.start, pause });
  switch (said.answer) {
    case 'started':
      return said;
    case 'refused':
      return { answer: 'failed', code: said.code, why: said.why };
    case 'again':
      return { answer: 'failed', code: 'DispatchFailed', why: `${what} was not taken (${said.why})` };
  }
}
