/**
 * The lifecycle's rules are pure functions over a row: `(row, event) -> Decision`. A decision says by its `answer` what
 * was decided, and carries the row that the answer is about, narrowed to the state that it is in.
 */
import { type Callback, type Gone, type GoneReason, nextCore, receiptOf } from './callback.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import type { Outcome } from '../wire/outcome.ts';
import { STOP_GRACE_SECONDS } from '../wire/limits.ts';
import { longestSilenceSeconds } from '../kinds/work.ts';

/** Each rule returns a union of its own that is assignable to this. */
export interface Decision {
  readonly answer: string;
  /** To be written under the version before its own; without it the row stays as it is. */
  readonly next?: Callback | undefined;
}

/**
 * When a run is over for certain, if nothing is heard of it any more: it was answered `continue` for the last time at
 * lastContactAt, a worker stops its process when it has not reached Baton for heartbeatSeconds, and stopping takes the
 * grace (L7).
 *
 * @returns undefined where there is no run, or where it is over already
 */
export function runOverAt(row: Callback): Millis | undefined {
  if (row.run === undefined || row.run.releasedAt !== undefined) return undefined;
  return row.run.lastContactAt + seconds(longestSilenceSeconds(row.terms) + STOP_GRACE_SECONDS);
}

/** A host may still run its job: its end is awaited, also where the callback is closed. */
export const mayRunOnHost = ({ run, terms }: Callback): boolean =>
  terms.instanceId !== undefined && run !== undefined && run.releasedAt === undefined;

/**
 * Closes a callback whose outcome nobody waits for. What may still run is told to stop at its next heartbeat;
 * CancelCommand kills without a TERM, so it is due only when a worker that obeys would be over, and at once where none
 * ever claimed. Only commands on hosts can be cancelled.
 */
export function toGone(row: Callback, reason: GoneReason, at: Millis, outcome?: Outcome): Gone {
  const receipt = receiptOf(row);
  const mayRun = row.terms.instanceId !== undefined && receipt !== undefined && row.run?.releasedAt === undefined;
  return {
    ...nextCore(row),
    state: 'Gone',
    reason,
    receipt,
    outcome,
    closedAt: at,
    dueAt: mayRun ? (runOverAt(row) ?? at) : undefined,
  };
}
