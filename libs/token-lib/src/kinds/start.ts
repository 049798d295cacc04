/** How work is started: a starter for each kind, in the kind's own file. */
import type { CallbackId } from '../callback-id.ts';
import type { BatonErrorCode } from '../errors.ts';
import type { LinkKeys } from '../link.ts';
import type { Millis } from '../millis.ts';
import type { Pause, StartAnswer } from '../ports.ts';
import { PAUSES, retry } from '../wire/retry.ts';
import type { Work, WorkKind } from './work.ts';

/** What a starter needs of the callback. */
export interface Startable {
  readonly callbackId: CallbackId;
  readonly createdAt: Millis;
  readonly deadline: Millis;
}

export type Started =
  /** `receipt` is what the started work is called by who runs it. */
  | { readonly answer: 'started'; readonly receipt: string }
  | { readonly answer: 'failed'; readonly code: BatonErrorCode; readonly why: string };

export type WorkOf<K extends WorkKind> = Extract<Work, { kind: K }>;

/**
 * @param resumed an earlier dispatch ended somewhere in the middle: look whether it started the work before starting it
 *   (L5)
 */
export type Starter<K extends WorkKind> = (callback: Startable, work: WorkOf<K>, resumed: boolean) => Promise<Started>;

/** One for each kind of work. */
export type Starters = { readonly [K in WorkKind]: Starter<K> };

export const startWork = <K extends WorkKind>(
  starters: Starters,
  callback: Startable,
  work: WorkOf<K> & { kind: K },
  resumed: boolean,
): Promise<Started> => starters[work.kind](callback, work, resumed);

/** What starters of links need: the keys that sign them, and where they lead. */
export interface LinkPorts {
  readonly linkKeys: LinkKeys;
  readonly endpoint: string;
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
