/** Rules of outcomes: L1 (stored before told) and L2 (the first one wins). */
import { type Callback, type Operator, type Run, type Settling, coreOf, receiptOf } from '../callback.ts';
import { FailureName, assertNever } from '../errors.ts';
import type { Millis } from '../millis.ts';
import { failure, type Outcome, sameOutcome } from '../outcome.ts';
import { TELL_LEASE, tellBackoff } from '../policy.ts';
import type { TaskFate } from '../task-fate.ts';
import type { TaskAnswer } from '../ports.ts';
import { type Decision, toGone } from './decision.ts';
import { mayReport } from './run.ts';

export interface Report {
  readonly from:
    | { readonly by: 'worker'; readonly runId?: string | undefined }
    | { readonly by: 'observer' }
    | { readonly by: 'operator'; readonly operator: Operator };
  readonly outcome: Outcome;
  readonly at: Millis;
  /** The host is no more, and the run with it. */
  readonly runIsOver?: boolean;
  /** Said after a silence since then: whatever was heard later voids it. */
  readonly unheardSince?: Millis;
}

export type ReportVerdict =
  /** The outcome is stored and an attempt counted: tell Step Functions now. */
  | 'tell'
  | 'stored'
  | 'duplicate'
  | 'conflict'
  | 'late'
  /** A stopped worker says that its process is over. */
  | 'released'
  | 'notHolder'
  /** An observer came after an outcome, or after a sign of life. */
  | 'ignored';

export const operatorOf = (from: Report['from']): Operator | undefined =>
  from.by === 'operator' ? from.operator : undefined;

/** A run is over when its worker reports or its host is gone, whatever becomes of the report. */
function runAfter({ run }: Callback, { from, at, runIsOver }: Report): Run | undefined {
  if (run === undefined || run.releasedAt !== undefined) return run;
  return from.by === 'worker' || runIsOver === true ? { ...run, releasedAt: at } : run;
}

export function report(row: Callback, event: Report): Decision<ReportVerdict> {
  const { from, outcome, at } = event;
  if (from.by === 'worker' && !mayReport(row, from.runId)) return { answer: 'notHolder' };
  if (row.state !== 'Stored' && row.state !== 'Dispatched') return afterOutcome(row, event);
  if (event.unheardSince !== undefined && (row.run?.lastContactAt ?? 0) > event.unheardSince)
    return { answer: 'ignored' };
  const next: Settling = {
    ...coreOf(row),
    run: runAfter(row, event),
    operator: operatorOf(from),
    state: 'Settling',
    token: row.token,
    receipt: receiptOf(row),
    outcome,
    by: from.by,
    decidedAt: at,
    attempts: 1,
    dueAt: at + TELL_LEASE,
  };
  return { next, answer: 'tell' };
}

type Decided = Exclude<Callback, { state: 'Stored' | 'Dispatched' }>;

function afterOutcome(row: Decided, event: Report): Decision<ReportVerdict> {
  const { from, outcome, at } = event;
  if (from.by !== 'observer' && row.state === 'Settling' && sameOutcome(row.outcome, outcome))
    return tellAgain(row, at);
  const answer = from.by === 'observer' ? 'ignored' : verdictAfter(row, outcome);
  const run = runAfter(row, event);
  if (run === row.run) return { answer };
  // Nothing runs any more, so nothing has to be cancelled.
  return { next: row.state === 'Gone' ? { ...row, run, dueAt: undefined } : { ...row, run }, answer };
}

function verdictAfter(row: Decided, outcome: Outcome): ReportVerdict {
  if (outcome.type === 'failure' && outcome.error === FailureName.stopped) return 'released';
  if (row.state === 'Gone') return 'late';
  return sameOutcome(row.outcome, outcome) ? 'duplicate' : 'conflict';
}

/** The same outcome once more: told again, unless somebody may be telling it right now. */
export function tellAgain(row: Callback, at: Millis): Decision<'tell' | 'stored'> {
  if (row.state !== 'Settling' || at < row.dueAt) return { answer: 'stored' };
  return { next: { ...row, attempts: row.attempts + 1, dueAt: at + TELL_LEASE }, answer: 'tell' };
}

export type ToldVerdict = 'applied' | 'late' | 'stored' | 'rejected' | 'unconfirmed' | 'tell';

const settled = (row: Settling, at: Millis): Decision<'applied'> => ({
  next: { ...coreOf(row), state: 'Settled', receipt: row.receipt, outcome: row.outcome, by: row.by, closedAt: at },
  answer: 'applied',
});

const late = (row: Settling, at: Millis): Decision<'late'> => ({
  next: toGone(row, 'task-closed', at, row.outcome),
  answer: 'late',
});

const tellLater = (row: Settling, at: Millis): Decision<'stored'> => ({
  next: { ...row, dueAt: at + tellBackoff(row.callbackId, row.attempts) },
  answer: 'stored',
});

/** What Step Functions said to an attempt: the table of DESIGN, line by line. */
export function told(row: Callback, answer: TaskAnswer, at: Millis): Decision<ToldVerdict> {
  if (row.state === 'Settled') return { answer: 'applied' };
  if (row.state !== 'Settling') return { answer: 'late' };
  switch (answer.answer) {
    case 'accepted':
      return settled(row, at);
    case 'gone':
      // An earlier attempt may have been accepted and its answer lost: the history knows.
      return row.attempts === 1 ? late(row, at) : { answer: 'unconfirmed' };
    case 'rejected':
      return rejected(row, answer.error, at);
    case 'denied':
    case 'transient':
      return tellLater(row, at);
    default:
      return assertNever(answer);
  }
}

/**
 * An output that Step Functions does not take fails the task, so that it does not wait in vain; a refused failure has
 * no way left.
 */
function rejected(row: Settling, error: string, at: Millis): Decision<'tell' | 'rejected'> {
  if (row.outcome.type === 'failure' || error === 'InvalidToken') {
    return { next: toGone(row, 'rejected', at, row.outcome), answer: 'rejected' };
  }
  const outcome = failure(FailureName.outputRejected, `Step Functions did not take the output: ${error}`);
  return { next: { ...row, outcome, attempts: row.attempts + 1, dueAt: at + TELL_LEASE }, answer: 'tell' };
}

/** What the execution's history says about an outcome that was told more than once. */
export function confirmed(row: Callback, fate: TaskFate, at: Millis): Decision<ToldVerdict> {
  if (row.state === 'Settled') return { answer: 'applied' };
  if (row.state !== 'Settling') return { answer: 'late' };
  switch (fate.fate) {
    case 'succeeded':
      return row.outcome.type === 'success' ? settled(row, at) : late(row, at);
    case 'failed':
      return row.outcome.type === 'failure' && row.outcome.error === fate.error ? settled(row, at) : late(row, at);
    case 'closed':
      return late(row, at);
    case 'open':
    case 'unknown':
      return tellLater(row, at);
    default:
      return assertNever(fate);
  }
}
