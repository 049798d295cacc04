import { BatonError } from '../wire/errors.ts';
import type { Callback } from '../lifecycle/callback.ts';
import type { Decision } from '../lifecycle/decision.ts';
import type { CallbackStore } from '../ports.ts';

/** Each loss means that somebody else has made progress: so many in a row do not happen to a healthy table. */
export const MAX_LOSSES = 20;

/** The decision, and the row as it stands in the store after it. */
export type Changed<D extends Decision> = D & { readonly row: Callback };

/**
 * Decides on a row and writes what was decided, if nobody was faster; the loser decides again on the winner's row.
 *
 * @param row may be stale: the condition of the write finds out
 * @throws {BatonError} `Contention`
 */
export async function change<D extends Decision>(
  store: CallbackStore,
  row: Callback,
  decide: (row: Callback) => D,
): Promise<Changed<D>> {
  let current = row;
  for (let losses = 0; losses < MAX_LOSSES; losses++) {
    const decision = decide(current);
    if (decision.next === undefined) return { ...decision, row: current };
    const winner = await store.replace(decision.next);
    if (winner === undefined) return { ...decision, row: decision.next };
    current = winner;
  }
  throw new BatonError('Contention', 'the callback changed faster than it could be written; try again');
}
