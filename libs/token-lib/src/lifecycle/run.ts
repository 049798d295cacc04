/** Rules of a run on a host: who may start (L7), who may go on (L8). */
import type { CallbackId } from '../wire/callback-id.ts';
import { workReporter } from '../kinds/work.ts';
import type { Millis } from '../wire/millis.ts';
import { type ClaimRequest, type HeartbeatRequest, isProgress } from '../wire/reports.ts';
import { isSecretOf, type WorkSecret } from '../wire/work-secret.ts';
import {
  type Callback,
  type Decided,
  type Dispatched,
  GONE_REASONS,
  isUndecided,
  nextCore,
  nextVersion,
  type Run,
  type Undecided,
} from './callback.ts';
import { runOverAt } from './decision.ts';
import { putOff, quietAt } from './dispatch.ts';

/** Why nothing may run for a callback that is decided or closed. */
const whyOver = (row: Decided): string =>
  row.state === 'Gone' ? GONE_REASONS[row.reason] : 'the callback has its outcome';

/**
 * Is it a worker's callback, and was the worker given its work? It shows the secret that came with it; work that was
 * dispatched without one, by an earlier release, is known by the callbackId alone until it is closed.
 */
export function wasGivenWork({ terms, workSecretHash }: Callback, secret: WorkSecret | undefined): boolean {
  if (workReporter(terms) !== 'worker') return false;
  return workSecretHash === undefined || (secret !== undefined && isSecretOf(workSecretHash, secret));
}

/** A host's callback answers to the run that holds its claim; a handler has seen to it that a worker was given the work (L7). */
export const mayReport = (row: Callback, runId: string | undefined): boolean =>
  workReporter(row.terms) !== 'host' || (row.run !== undefined && row.run.runId === runId);

export type ClaimDecision =
  { readonly answer: 'granted'; readonly next: Dispatched } | { readonly answer: 'refused'; readonly reason: string };

const refuse = (reason: string): ClaimDecision => ({ answer: 'refused', reason });

/**
 * Granted once, to one run of the command that was sent. The same run may ask again: its answer may have been lost. A
 * claim that is faster than the dispatcher's second write proves what that write would say: the command was sent.
 */
export function grantClaim(row: Callback, request: ClaimRequest, at: Millis): ClaimDecision {
  if (!isUndecided(row)) return refuse(whyOver(row));
  if (row.state === 'Dispatched' && row.receipt !== request.commandId)
    return refuse('another command was sent for this callback');
  if (row.run !== undefined) {
    if (row.run.bootId !== request.bootId) return refuse('the host was restarted after the job had been claimed');
    if (row.run.runId !== request.runId) return refuse('another process has claimed the job');
  }
  if (at >= row.deadline) return refuse('the task has timed out');
  const { runId, bootId, commandId: receipt } = request;
  const run: Run = row.run ?? { runId, bootId, claimedAt: at, lastContactAt: at };
  const next: Dispatched = {
    ...(row.state === 'Dispatched'
      ? nextVersion(row)
      : { ...nextCore(row), state: 'Dispatched', token: row.token, receipt, dueAt: quietAt(row) }),
    run: { ...run, lastContactAt: Math.max(at, run.lastContactAt) },
  };
  return { answer: 'granted', next };
}

export type HeartbeatDecision =
  { readonly answer: 'continue'; readonly next: Undecided } | { readonly answer: 'stop'; readonly reason: string };

/**
 * A sign of life: of the run that holds the claim, or of whoever works on what is not claimed. Progress that is too
 * large or nests too deep is left out; the heartbeat counts.
 */
export function heartbeat(row: Callback, { runId, progress }: HeartbeatRequest, at: Millis): HeartbeatDecision {
  if (!isUndecided(row)) return { answer: 'stop', reason: whyOver(row) };
  if (!mayReport(row, runId)) return { answer: 'stop', reason: 'this run does not hold the claim' };
  const fits = progress !== undefined && isProgress(progress);
  const before: Run = row.run ?? { claimedAt: at, lastContactAt: at };
  const run = { ...before, lastContactAt: Math.max(at, before.lastContactAt), ...(fits && { progress }) };
  return { answer: 'continue', next: putOff({ ...nextVersion(row), run }, at) };
}

export type Precedence =
  | { readonly answer: 'go' }
  | { readonly answer: 'wait'; readonly until: Millis }
  /** The attempt before was never claimed: it cannot run, but the one before it may. */
  | { readonly answer: 'look'; readonly at: CallbackId };

/** Whether an earlier attempt of the same work may still be running (L7). */
export function precedence(earlier: Callback, at: Millis): Precedence {
  if (earlier.run === undefined)
    return earlier.supersedes === undefined ? { answer: 'go' } : { answer: 'look', at: earlier.supersedes };
  const until = runOverAt(earlier);
  return until === undefined || until <= at ? { answer: 'go' } : { answer: 'wait', until };
}
