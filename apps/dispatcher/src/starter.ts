import type { BatonErrorCode, Stored, Work, WorkKind } from '@baton/token-lib';

export type Started =
  /** `receipt` is what the started work is called by who runs it. */
  | { readonly started: true; readonly receipt: string }
  | { readonly started: false; readonly code: BatonErrorCode; readonly why: string };

export type WorkOf<K extends WorkKind> = Extract<Work, { kind: K }>;

/**
 * `resumed`: an earlier dispatch ended somewhere in the middle; look whether it started the work before starting it
 * (L5).
 */
export type Starter<K extends WorkKind> = (callback: Stored, work: WorkOf<K>, resumed: boolean) => Promise<Started>;

/** One a kind of work. */
export type Starters = { readonly [K in WorkKind]: Starter<K> };

export const startWith = <K extends WorkKind>(
  starters: Starters,
  callback: Stored,
  work: WorkOf<K> & { kind: K },
  resumed: boolean,
): Promise<Started> => starters[work.kind](callback, work, resumed);
