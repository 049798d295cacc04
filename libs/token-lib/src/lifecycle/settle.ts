/** Rules of outcomes: L1 (stored before told) and L2 (the first one wins). */
import { FailureName, assertNever } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import { failure, type Outcome, sameOutcome } from '../wire/outcome.ts';
import type { SendTaskRefusal, TaskAnswer } from './send-task-errors.ts';
import {
  type Callback,
  type Decided,
  type Gone,
  isUndecided,
  nextCore,
  nextVersion,
  type Operator,
  receiptOf,
  type Run,
  type Settled,
  type Settling,
  type Undecided,
} from './callback.ts';
import { toGone } from './decision.ts';
import { REMINDER_SLACK, TELL_LEASE, tellDelay } from './policy.ts';
import { mayReport } from './run.ts';
import type { TaskFate } from './task-fate.ts';

/** Whose word an outcome is. */
export type ReportedBy =
  | { readonly by: 'worker'; readonly runId?: string | undefined }
  /** An approver. */
  | { readonly by: 'person' }
  | { readonly by: 'partner' }
  | { readonly by: 'observer' }
  | { readonly by: 'operator'; readonly operator: Operator };

export interface Report {
  readonly from: ReportedBy;
  readonly outcome: Outcome;
  readonly at: Millis;
  /** The host is no more, and the run with it. */
  readonly runIsOver?: boolean;
  /** Said after a silence since then: whatever was heard later voids it. */
  readonly unheardSince?: Millis;
}

export type ReportDecision =
  /** The outcome is stored and an attempt counted: complete the task now. */
  | { readonly answer: 'tell'; readonly next: Settling }
  | {
      readonly answer:
        | 'stored'
        | 'duplicate'
        | 'conflict'
        | 'late'
        /** A stopped worker says that its process has ended. */
        | 'released'
        /** An observer came after an outcome, or after a sign of life. */
        | 'ignored';
      readonly next?: Decided;
    }
  | { readonly answer: 'notHolder' };

export const operatorOf = (from: ReportedBy): Operator | undefined =>
  from.by === 'operator' ? from.operator : undefined;

/** A run is over when its worker reports or its host is gone, whatever becomes of the report. */
function runAfter({ run }: Callback, { from, at, runIsOver }: Report): Run | undefined {
  if (run === undefined || run.releasedAt !== undefined) return run;
  return from.by === 'worker' || runIsOver === true ? { ...run, releasedAt: at } : run;
}

export function report(row: Callback, event: Report): ReportDecision {
  const { from } = event;
  if (from.by === 'worker' && !mayReport(row, from.runId)) return { answer: 'notHolder' };
  if (!isUndecided(row)) return afterOutcome(row, event);
  if (event.unheardSince !== undefined && (row.run?.lastContactAt ?? 0) > event.unheardSince)
    return { answer: 'ignored' };
  return { answer: 'tell', next: withOutcome(row, event) };
}

/** Returns the row with its outcome, as it is before its first attempt to complete the task. */
export const withOutcome = (row: Undecided, event: Report): Settling => ({
  ...nextCore(row),
  run: runAfter(row, event),
  operator: operatorOf(event.from),
  state: 'Settling',
  token: row.token,
  receipt: receiptOf(row),
  outcome: event.outcome,
  by: event.from.by,
  decidedAt: event.at,
  attempts: 1,
  lease: true,
  dueAt: event.at + TELL_LEASE,
});

function afterOutcome(row: Decided, event: Report): ReportDecision {
  const { from, outcome, at } = event;
  if (from.by !== 'observer' && row.state === 'Settling' && sameOutcome(row.outcome, outcome))
    return tellAgain(row, at);
  const answer = from.by === 'observer' ? 'ignored' : answerAfter(row, outcome);
  const run = runAfter(row, event);
  if (run === row.run) return { answer };
  // Nothing runs any more, so nothing has to be cancelled.
  return {
    answer,
    next: row.state === 'Gone' ? { ...nextVersion(row), run, dueAt: undefined } : { ...nextVersion(row), run },
  };
}

function answerAfter(row: Decided, outcome: Outcome): 'released' | 'late' | 'duplicate' | 'conflict' {
  if (outcome.type === 'failure' && outcome.error === FailureName.stopped) return 'released';
  if (row.state === 'Gone') return 'late';
  return sameOutcome(row.outcome, outcome) ? 'duplicate' : 'conflict';
}

export type TellAgainDecision = { readonly answer: 'tell'; readonly next: Settling } | { readonly answer: 'stored' };

/** The same outcome once more: told again, unless somebody may be telling it right now. */
export function tellAgain(row: Callback, at: Millis): TellAgainDecision {
  if (row.state !== 'Settling' || at < row.dueAt) return { answer: 'stored' };
  return { answer: 'tell', next: attempted(row, at) };
}

const attempted = (row: Settling, at: Millis): Settling => ({
  ...nextVersion(row),
  attempts: row.attempts + 1,
  lease: true,
  dueAt: at + TELL_LEASE,
});

export type ReminderDecision =
  | TellAgainDecision
  /** Somebody is telling it right now, and may fail without a word: keep the task alive, and look again. */
  | { readonly answer: 'watch'; readonly row: Settling }
  /** It has been told, or somebody else sees to it. */
  | { readonly answer: 'over' };

/** A reminder that an outcome was not taken (L1). */
export function remind(row: Callback, at: Millis): ReminderDecision {
  if (row.state !== 'Settling') return { answer: 'over' };
  const due = row.lease === true ? row.dueAt : row.dueAt - REMINDER_SLACK;
  if (at >= due) return { answer: 'tell', next: attempted(row, at) };
  return row.lease === true ? { answer: 'watch', row } : { answer: 'over' };
}

/** What became of an outcome that Step Functions was told. Without `next` another call has written it down. */
export type ToldDecision =
  | { readonly answer: 'applied'; readonly next?: Settled }
  | { readonly answer: 'late'; readonly next?: Gone }
  | { readonly answer: 'stored'; readonly next: Settling }
  /** The next attempt is counted: make it after a pause. */
  | { readonly answer: 'retry'; readonly next: Settling }
  | { readonly answer: 'rejected'; readonly next: Gone }
  /** Another outcome, which says why the first one was rejected, is stored in its place: complete the task with it. */
  | { readonly answer: 'tell'; readonly next: Settling }
  /** An earlier attempt may have been accepted and its answer lost: the execution's history knows. */
  | { readonly answer: 'unconfirmed'; readonly row: Settling };

const applied = (row: Settling, at: Millis): ToldDecision => ({
  answer: 'applied',
  next: { ...nextCore(row), state: 'Settled', receipt: row.receipt, outcome: row.outcome, by: row.by, closedAt: at },
});

const late = (row: Settling, at: Millis): ToldDecision => ({
  answer: 'late',
  next: toGone(row, 'task-closed', at, row.outcome),
});

const tellLater = (row: Settling, at: Millis): ToldDecision => ({
  answer: 'stored',
  next: {
    ...nextVersion(row),
    lease: undefined,
    dueAt: at + tellDelay(row.callbackId, row.attempts, row.terms.heartbeatSeconds),
  },
});

const writtenByAnother = (row: Exclude<Callback, Settling>): ToldDecision => ({
  answer: row.state === 'Settled' ? 'applied' : 'late',
});

export interface ToldAttempt {
  /** What Step Functions was told; the row's own outcome where it is left out. */
  readonly outcome?: Outcome;
  /** When the same invocation can tell it again; undefined where it cannot. */
  readonly retryAt?: Millis | undefined;
}

/** What Step Functions said to an attempt: the table of DESIGN, line by line. */
export function told(
  row: Callback,
  said: TaskAnswer,
  at: Millis,
  { outcome, retryAt }: ToldAttempt = {},
): ToldDecision {
  if (row.state !== 'Settling') return writtenByAnother(row);
  switch (said.answer) {
    case 'accepted':
      return applied(row, at);
    case 'gone':
      // Only an attempt before this one can have been taken, and only one that was not refused.
      return row.attempts - 1 === (row.notTaken ?? 0) ? late(row, at) : { answer: 'unconfirmed', row };
    case 'rejected':
      return rejected(row, outcome ?? row.outcome, said.error, at);
    case 'denied':
      return tellLater(counted(row, said), at);
    case 'transient':
      return retryAt === undefined
        ? tellLater(counted(row, said), at)
        : { answer: 'retry', next: attempted(counted(row, said), retryAt) };
    default:
      return assertNever(said);
  }
}

const counted = (row: Settling, { notTaken }: SendTaskRefusal): Settling =>
  notTaken === true ? { ...row, notTaken: (row.notTaken ?? 0) + 1 } : row;

/**
 * An output that Step Functions does not take fails the task, so that it does not wait in vain; a refused failure has
 * no way left.
 */
function rejected(row: Settling, refused: Outcome, error: string, at: Millis): ToldDecision {
  if (refused.type === 'failure' || error === 'InvalidToken') {
    return { answer: 'rejected', next: toGone(row, 'rejected', at, row.outcome) };
  }
  // Another invocation has stored that failure already, and may have ended before it told it.
  if (row.outcome.type === 'failure') return { answer: 'tell', next: attempted(row, at) };
  const outcome = failure(FailureName.outputRejected, `Step Functions did not take the output: ${error}`);
  return { answer: 'tell', next: { ...attempted(row, at), outcome } };
}

/** What the execution's history says about an outcome that was told more than once. */
export function confirmed(row: Callback, fate: TaskFate, at: Millis): ToldDecision {
  if (row.state !== 'Settling') return writtenByAnother(row);
  switch (fate.fate) {
    case 'succeeded':
      return row.outcome.type === 'success' ? applied(row, at) : late(row, at);
    case 'failed':
      return row.outcome.type === 'failure' && row.outcome.error === fate.error ? applied(row, at) : late(row, at);
    case 'closed':
      return late(row, at);
    case 'open':
    case 'unknown':
      return tellLater(row, at);
    default:
      return assertNever(fate);
  }
}
