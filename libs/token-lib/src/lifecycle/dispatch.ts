/** Rules of the dispatcher: L5 (durable before started) and L7 (the newest attempt takes over). */
import { type Callback, type CallbackCore, type Stored, coreOf } from '../callback.ts';
import { callbackIdOf, type CallbackId } from '../callback-id.ts';
import { type DispatchContext, workKeyOf } from '../dispatch-context.ts';
import { type Millis, seconds } from '../millis.ts';
import type { Failure } from '../outcome.ts';
import { DISPATCH_LEASE, SILENCE_MARGIN } from '../policy.ts';
import type { TaskToken } from '../task-token.ts';
import { longestSilenceSeconds, termsOf, type Work } from '../work.ts';
import { type Decision, toGone } from './decision.ts';

export interface NewCallback {
  readonly token: TaskToken;
  readonly context: DispatchContext;
  readonly work: Work;
  readonly at: Millis;
}

/** A row that is not in the store yet. */
export function newCallback({ token, context, work, at: createdAt }: NewCallback): Stored {
  return {
    callbackId: callbackIdOf(token),
    schema: 2,
    version: 1,
    context,
    terms: termsOf(work),
    work,
    workKey: workKeyOf(context),
    createdAt,
    deadline: createdAt + seconds(work.timeoutSeconds),
    state: 'Stored',
    token,
    dueAt: createdAt + DISPATCH_LEASE,
  };
}

/** When a callback that is not heard of is looked at: past its heartbeat, and past its deadline. */
export const quietAt = (row: CallbackCore): Millis =>
  Math.min((row.run?.lastContactAt ?? row.createdAt) + seconds(longestSilenceSeconds(row.terms)), row.deadline) +
  SILENCE_MARGIN;

/** A second dispatch of the same token: it goes on only where the first one's lease is over. */
export function takeLease(row: Callback, at: Millis): Decision<'taken' | 'busy' | 'done'> {
  if (row.state !== 'Stored') return { answer: 'done' };
  if (at < row.dueAt) return { answer: 'busy' };
  return { next: { ...row, dueAt: at + DISPATCH_LEASE }, answer: 'taken' };
}

/** Links an attempt to the one before it. */
export function succeedAttempt(row: Callback, supersedes: CallbackId): Decision<void> {
  if (row.state !== 'Stored' || row.supersedes === supersedes) return { answer: undefined };
  return { next: { ...row, supersedes }, answer: undefined };
}

/** A decided outcome is left to be told: Step Functions says whether it still counts. */
export function supersede(row: Callback, at: Millis): Decision<void> {
  if (row.state !== 'Stored' && row.state !== 'Dispatched') return { answer: undefined };
  return { next: toGone(row, 'superseded', at), answer: undefined };
}

/** The work has been started. Where a worker was faster and claimed, its command's id stands already. */
export function dispatched(row: Callback, receipt: string): Decision<void> {
  if (row.state !== 'Stored') return { answer: undefined };
  return {
    next: { ...coreOf(row), state: 'Dispatched', token: row.token, receipt, dueAt: quietAt(row) },
    answer: undefined,
  };
}

/**
 * The work could not be started: the row is closed before the task fails. Anything but Stored means that it was started
 * after all.
 */
export function notStarted(row: Callback, failure: Failure, at: Millis): Decision<'closed' | 'started'> {
  if (row.state !== 'Stored') return { answer: 'started' };
  return { next: toGone(row, 'not-started', at, failure), answer: 'closed' };
}
