/** Rules of the dispatcher: L5 (durable before started) and L7 (the newest attempt takes over). */
import type { Startable } from '../kinds/start.ts';
import { longestSilenceSeconds, termsOf, type Work, workReporter } from '../kinds/work.ts';
import { callbackIdOf, type CallbackId } from '../wire/callback-id.ts';
import { heartbeatIntervalSeconds } from '../wire/limits.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import type { Failure } from '../wire/outcome.ts';
import type { TaskToken } from '../wire/task-token.ts';
import { hashOfWorkSecret, workSecretOf } from '../wire/work-secret.ts';
import {
  type Callback,
  type CallbackCore,
  type Dispatched,
  type Gone,
  isUndecided,
  nextCore,
  nextVersion,
  type Stored,
  type Undecided,
} from './callback.ts';
import { toGone } from './decision.ts';
import { type DispatchContext, workKeyOf } from './dispatch-context.ts';
import { DISPATCH_LEASE, SILENCE_MARGIN } from './policy.ts';

export interface NewCallback {
  readonly token: TaskToken;
  readonly context: DispatchContext;
  readonly work: Work;
  readonly at: Millis;
}

/** Returns a row that is not in the store yet. */
export function newCallback({ token, context, work, at: createdAt }: NewCallback): Stored {
  const terms = termsOf(work);
  return {
    callbackId: callbackIdOf(token),
    schema: 2,
    version: 1,
    context,
    terms,
    work,
    workSecretHash: workReporter(terms) === 'worker' ? hashOfWorkSecret(workSecretOf(token)) : undefined,
    workKey: workKeyOf(context),
    createdAt,
    deadline: createdAt + seconds(work.timeoutSeconds),
    state: 'Stored',
    token,
    dueAt: createdAt + DISPATCH_LEASE,
  };
}

/** What a starter is given of a row: its secret, too, if the reports of the work will have to show one. */
export const startableOf = ({ callbackId, createdAt, deadline, token, workSecretHash }: Stored): Startable => ({
  callbackId,
  createdAt,
  deadline,
  workSecret: workSecretHash === undefined ? undefined : workSecretOf(token),
});

/** Returns when a callback that is not heard of is looked at: past its heartbeat, or past its deadline. */
export const quietAt = (row: CallbackCore): Millis =>
  Math.min((row.run?.lastContactAt ?? row.createdAt) + seconds(longestSilenceSeconds(row.terms)), row.deadline) +
  SILENCE_MARGIN;

/**
 * A callback that is heard of is not due: `dueAt` moves past its next silence. It is the key of an index, where each move
 * is two writes more, so it stays while the next two heartbeats can still move it.
 */
export function putOff(row: Undecided, at: Millis): Undecided {
  if (row.state === 'Stored' || row.observed !== undefined) return row;
  const twoBeats = seconds(2 * heartbeatIntervalSeconds(longestSilenceSeconds(row.terms)));
  return row.dueAt >= at + twoBeats ? row : { ...row, dueAt: quietAt(row) };
}

export type LeaseDecision =
  | { readonly answer: 'taken'; readonly next: Stored }
  /** Another invocation is dispatching it. */
  | { readonly answer: 'busy' }
  | { readonly answer: 'done' };

/** A second dispatch of the same token goes on only where the first one's lease has ended. */
export function takeLease(row: Callback, at: Millis): LeaseDecision {
  if (row.state !== 'Stored') return { answer: 'done' };
  if (at < row.dueAt) return { answer: 'busy' };
  return { answer: 'taken', next: { ...nextVersion(row), dueAt: at + DISPATCH_LEASE } };
}

export type LinkDecision =
  | { readonly answer: 'linked'; readonly row: Stored; readonly next?: Stored }
  /** It is not Stored any more. */
  | { readonly answer: 'overtaken' };

/** Links an attempt to the one before it. */
export function linkToPredecessor(row: Callback, supersedes: CallbackId): LinkDecision {
  if (row.state !== 'Stored') return { answer: 'overtaken' };
  if (row.supersedes === supersedes) return { answer: 'linked', row };
  return { answer: 'linked', row, next: { ...nextVersion(row), supersedes } };
}

export type CloseDecision = { readonly answer: 'closed'; readonly next: Gone } | { readonly answer: 'left' };

/** A decided outcome is left to be told: Step Functions says whether it still counts. */
export const supersede = (row: Callback, at: Millis): CloseDecision =>
  isUndecided(row) ? { answer: 'closed', next: toGone(row, 'superseded', at) } : { answer: 'left' };

export type DispatchedDecision =
  { readonly answer: 'recorded'; readonly next: Dispatched } | { readonly answer: 'known' };

/** The work has been started. Where a worker was faster and claimed, its command's id is known already. */
export function dispatched(row: Callback, receipt: string): DispatchedDecision {
  if (row.state !== 'Stored') return { answer: 'known' };
  const next = { ...nextCore(row), state: 'Dispatched', token: row.token, receipt, dueAt: quietAt(row) } as const;
  return { answer: 'recorded', next };
}

/**
 * The work could not be started: the row is closed before the task fails. A row that is not Stored means that the work
 * was started after all.
 */
export function notStarted(row: Callback, failure: Failure, at: Millis): CloseDecision {
  if (row.state !== 'Stored') return { answer: 'left' };
  return { answer: 'closed', next: toGone(row, 'not-started', at, failure) };
}
