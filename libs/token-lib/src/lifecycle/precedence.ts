import type { Callback } from '../callback.ts';
import type { CallbackId } from '../callback-id.ts';
import type { Millis } from '../millis.ts';
import { runOverAt } from './decision.ts';

/**
 * May an earlier attempt of the same work still be running (L7)? `look` further back where the attempt before was never
 * claimed: it cannot run, but the one before it may.
 */
export function precedence(
  earlier: Callback,
  at: Millis,
):
  | { readonly say: 'go' }
  | { readonly say: 'wait'; readonly until: Millis }
  | { readonly say: 'look'; readonly at: CallbackId } {
  if (earlier.run === undefined)
    return earlier.supersedes === undefined ? { say: 'go' } : { say: 'look', at: earlier.supersedes };
  const until = runOverAt(earlier);
  return until === undefined || until <= at ? { say: 'go' } : { say: 'wait', until };
}
