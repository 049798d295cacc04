/**
 * The lifecycle's rules are pure functions over a callback: `(row, event) -> Decision`. No `next` means: nothing to
 * write. They never touch `version`; whoever stores `next` counts it (see change.ts), and asks again with the winner's
 * row when the write is lost.
 */
import { type Callback, type Gone, type GoneReason, coreOf, receiptOf } from '../callback.ts';
import { type Millis, seconds } from '../millis.ts';
import type { Outcome } from '../outcome.ts';
import { STOP_GRACE_SECONDS } from '../policy.ts';
import { longestSilenceSeconds } from '../work.ts';

export interface Decision<A> {
  readonly next?: Callback;
  readonly answer: A;
}

/**
 * When a run is over for certain, if nothing is heard of it any more: it was answered `continue` for the last time at
 * lastContactAt, a worker stops its process when it has not reached Baton for heartbeatSeconds, and stopping takes the
 * grace (L7).
 */
export function runOverAt(row: Callback): Millis | undefined {
  if (row.run === undefined || row.run.releasedAt !== undefined) return undefined;
  return row.run.lastContactAt + seconds(longestSilenceSeconds(row.terms) + STOP_GRACE_SECONDS);
}

/**
 * Closes a callback whose outcome nobody waits for. What may still run gets its stop by heartbeat; CancelCommand kills
 * without a TERM, so it is due only when a worker that obeys would be over, and at once where none ever claimed. Only
 * commands on hosts can be cancelled.
 */
export function toGone(row: Callback, reason: GoneReason, at: Millis, outcome?: Outcome): Gone {
  const receipt = receiptOf(row);
  const mayRun = row.terms.instanceId !== undefined && receipt !== undefined && row.run?.releasedAt === undefined;
  return {
    ...coreOf(row),
    state: 'Gone',
    reason,
    receipt,
    outcome,
    closedAt: at,
    dueAt: mayRun ? (runOverAt(row) ?? at) : undefined,
  };
}
