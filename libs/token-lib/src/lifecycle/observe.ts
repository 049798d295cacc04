/** Rules of the observers: they see that something ended, and leave the worker its grace (L2, L6). */
import { longestSilenceSeconds } from '../kinds/work.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import {
  type Callback,
  type Dispatched,
  type Gone,
  isUndecided,
  nextCore,
  nextVersion,
  type Settling,
  type Stored,
  type Undecided,
} from './callback.ts';
import { toGone } from './decision.ts';
import { type CloseDecision, quietAt } from './dispatch.ts';
import { INQUIRY_INTERVAL, reportGrace } from './policy.ts';

export interface CommandEnd {
  readonly receipt: string;
  /** SSM's word, e.g. `Failed`. */
  readonly status: string;
  readonly at: Millis;
}

export type CommandEndDecision =
  /** Nobody had claimed, so nobody will report. */
  | { readonly answer: 'lost'; readonly next: Dispatched }
  /** The worker's report has its grace. */
  | { readonly answer: 'watch'; readonly next: Dispatched }
  | { readonly answer: 'ignored' };

/**
 * SSM says that a command has ended. The end of another command than the row's (a second one for the same callback was
 * refused its claim) says nothing.
 */
export function commandEnded(row: Callback, { receipt, status, at }: CommandEnd): CommandEndDecision {
  const seen = { observed: { status, at }, dueAt: at + reportGrace(row.terms) };
  if (row.state === 'Stored') {
    return { answer: 'watch', next: { ...nextCore(row), state: 'Dispatched', token: row.token, receipt, ...seen } };
  }
  if (row.state !== 'Dispatched' || row.receipt !== receipt || row.observed !== undefined) return { answer: 'ignored' };
  return { answer: row.run === undefined ? 'lost' : 'watch', next: { ...nextVersion(row), ...seen } };
}

export type WarnDecision = { readonly answer: 'warned'; readonly next: Undecided } | { readonly answer: 'left' };

/** Two minutes' notice of the Spot market: kept for whoever looks. */
export function hostWarned(row: Callback, action: string, at: Millis): WarnDecision {
  if (!isUndecided(row) || row.hostWarning !== undefined) return { answer: 'left' };
  return { answer: 'warned', next: { ...nextVersion(row), hostWarning: { action, at } } };
}

/** Nobody waits any more. A decided outcome is still told: its answer tells whether it was in time. */
export const taskClosed = (row: Callback, reason: 'task-closed' | 'execution-ended', at: Millis): CloseDecision =>
  isUndecided(row) ? { answer: 'closed', next: toGone(row, reason, at) } : { answer: 'left' };

export type CancelDecision = { readonly answer: 'cancelled'; readonly next: Gone } | { readonly answer: 'left' };

/** What was to be cancelled is. */
export function cancelled(row: Callback): CancelDecision {
  if (row.state !== 'Gone' || row.dueAt === undefined) return { answer: 'left' };
  return { answer: 'cancelled', next: { ...nextVersion(row), dueAt: undefined } };
}

/** What the reconciler has to do about a row that is due. */
export type Review =
  | { readonly answer: 'nothing'; readonly next?: Dispatched }
  | { readonly answer: 'findCommand'; readonly row: Stored }
  | { readonly answer: 'tell'; readonly row: Settling }
  | { readonly answer: 'lost'; readonly row: Dispatched }
  | { readonly answer: 'inquire'; readonly next: Dispatched }
  | { readonly answer: 'cancel'; readonly row: Gone };

/** @param mayInquire whether there is room for another inquiry: without it a silent callback stays due */
export function review(row: Callback, at: Millis, mayInquire = true): Review {
  if (row.state === 'Settled' || row.dueAt === undefined || at < row.dueAt) return { answer: 'nothing' };
  switch (row.state) {
    case 'Stored':
      return { answer: 'findCommand', row };
    case 'Settling':
      return { answer: 'tell', row };
    case 'Gone':
      return { answer: 'cancel', row };
    case 'Dispatched':
      return reviewDispatched(row, at, mayInquire);
  }
}

function reviewDispatched(row: Dispatched, at: Millis, mayInquire: boolean): Review {
  const quiet = row.observed === undefined ? quietAt(row) : observedQuietAt(row, row.observed.at);
  if (at < quiet) return { answer: 'nothing', next: { ...nextVersion(row), dueAt: quiet } };
  if (row.observed !== undefined) return { answer: 'lost', row };
  if (!mayInquire) return { answer: 'nothing' };
  return { answer: 'inquire', next: { ...nextVersion(row), dueAt: at + INQUIRY_INTERVAL } };
}

/**
 * A worker that is heard of after its command's end lives on (the agent failed, not the job), until it is silent too.
 * The end's time has whole seconds: what was heard within that second came before it.
 */
export function observedQuietAt({ run, terms }: Dispatched, observedAt: Millis): Millis {
  if (run === undefined || run.lastContactAt < observedAt + seconds(1)) return observedAt + reportGrace(terms);
  return run.lastContactAt + seconds(longestSilenceSeconds(terms)) + reportGrace(terms);
}
