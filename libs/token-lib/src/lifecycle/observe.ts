/** Rules of the observers: they see that something ended, and leave the worker its grace (L2, L6). */
import { type Callback, coreOf } from '../callback.ts';
import { type Millis, seconds } from '../millis.ts';
import { INQUIRY_INTERVAL, REPORT_GRACE } from '../policy.ts';
import { type Decision, toGone } from './decision.ts';
import { quietAt } from './dispatch.ts';
import { longestSilenceSeconds } from '../work.ts';

export interface CommandEnd {
  readonly receipt: string;
  /** SSM's word, e.g. `Failed`. */
  readonly status: string;
  readonly at: Millis;
}

/**
 * SSM says that a command has ended. `lost`: nobody had claimed, so nobody will report. `watch`: the worker's report
 * has its grace. The end of another command than the row's (a second one for the same callback was refused its claim)
 * says nothing.
 */
export function commandEnded(
  row: Callback,
  { receipt, status, at }: CommandEnd,
): Decision<'lost' | 'watch' | 'ignored'> {
  const observed = { status, at };
  if (row.state === 'Stored') {
    const next = {
      ...coreOf(row),
      state: 'Dispatched',
      token: row.token,
      receipt,
      observed,
      dueAt: at + REPORT_GRACE,
    } as const;
    return { next, answer: 'watch' };
  }
  if (row.state !== 'Dispatched' || row.receipt !== receipt || row.observed !== undefined) return { answer: 'ignored' };
  return { next: { ...row, observed, dueAt: at + REPORT_GRACE }, answer: row.run === undefined ? 'lost' : 'watch' };
}

/** Two minutes' notice of the Spot market: kept for whoever looks. */
export function hostWarned(row: Callback, action: string, at: Millis): Decision<void> {
  if ((row.state !== 'Stored' && row.state !== 'Dispatched') || row.hostWarning !== undefined)
    return { answer: undefined };
  return { next: { ...row, hostWarning: { action, at } }, answer: undefined };
}

/** Nobody waits any more. A decided outcome is still told: its answer tells whether it was in time. */
export function taskClosed(row: Callback, reason: 'task-closed' | 'execution-ended', at: Millis): Decision<void> {
  if (row.state !== 'Stored' && row.state !== 'Dispatched') return { answer: undefined };
  return { next: toGone(row, reason, at), answer: undefined };
}

/** What was to be cancelled is. */
export function cancelled(row: Callback): Decision<void> {
  if (row.state !== 'Gone' || row.dueAt === undefined) return { answer: undefined };
  return { next: { ...row, dueAt: undefined }, answer: undefined };
}

/** What the reconciler has to do about a row that is due. */
export type Review = 'nothing' | 'findCommand' | 'tell' | 'lost' | 'inquire' | 'cancel';

export function review(row: Callback, at: Millis): Decision<Review> {
  if (row.state === 'Settled' || row.dueAt === undefined || at < row.dueAt) return { answer: 'nothing' };
  switch (row.state) {
    case 'Stored':
      return { answer: 'findCommand' };
    case 'Settling':
      return { answer: 'tell' };
    case 'Gone':
      return { answer: 'cancel' };
    case 'Dispatched': {
      const { run, observed } = row;
      const quiet =
        observed === undefined
          ? quietAt(row)
          : observedQuietAt(observed.at, run?.lastContactAt, longestSilenceSeconds(row.terms));
      if (at < quiet) return { next: { ...row, dueAt: quiet }, answer: 'nothing' };
      if (observed !== undefined) return { answer: 'lost' };
      return { next: { ...row, dueAt: at + INQUIRY_INTERVAL }, answer: 'inquire' };
    }
  }
}

/**
 * A worker that is heard of after its command's end lives on (the agent failed, not the job), until it is silent too.
 * The end's time has whole seconds: what was heard within that second came before it.
 */
function observedQuietAt(observedAt: Millis, lastContactAt: Millis | undefined, silenceSeconds: number): Millis {
  if (lastContactAt === undefined || lastContactAt < observedAt + seconds(1)) return observedAt + REPORT_GRACE;
  return lastContactAt + seconds(silenceSeconds) + REPORT_GRACE;
}
