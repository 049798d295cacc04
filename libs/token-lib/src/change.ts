import type { Callback } from './callback.ts';
import type { CallbackId } from './callback-id.ts';
import { BatonError } from './errors.ts';
import type { Decision } from './lifecycle/decision.ts';
import type { CallbackStore } from './ports.ts';

/** Each loss means that somebody else has made progress: so many in a row do not happen to a healthy table. */
const MOST_LOSSES = 20;

export interface Changed<A> {
  /** As it stands in the store now. */
  readonly row: Callback;
  readonly answer: A;
}

/**
 * Decides on a row and writes what was decided, if nobody was faster; the loser decides again on the winner's row.
 * A row at hand saves the first read: it may be stale, the write's condition finds out.
 * @throws {BatonError} `Forbidden` where there is no such row
 * @throws {BatonError} `Contention`
 */
export async function change<A>(
  store: CallbackStore,
  target: CallbackId | Callback,
  decide: (row: Callback) => Decision<A>,
): Promise<Changed<A>> {
  let row = typeof target === 'string' ? await store.read(target) : target;
  for (let losses = 0; losses < MOST_LOSSES; losses++) {
    if (row === undefined) throw new BatonError('Forbidden', 'there is no such callback');
    const { next, answer } = decide(row);
    if (next === undefined) return { row, answer };
    const numbered = { ...next, version: row.version + 1 };
    const winner: Callback | undefined = await store.replace(numbered);
    if (winner === undefined) return { row: numbered, answer };
    row = winner;
  }
  throw new BatonError('Contention', 'the callback changed faster than it could be written; try again');
}
