/** Rules of a run on a host: who may start (L7), who may go on (L8). */
import { type Callback, type Dispatched, type Run, coreOf } from '../callback.ts';
import { assertNever } from '../errors.ts';
import type { Millis } from '../millis.ts';
import { MAX_PROGRESS_BYTES } from '../policy.ts';
import type { ClaimRequest, HeartbeatRequest } from '../reports.ts';
import { workReporter } from '../work.ts';
import type { Decision } from './decision.ts';
import { quietAt } from './dispatch.ts';

export type ClaimVerdict = { readonly verdict: 'granted' } | { readonly verdict: 'refused'; readonly reason: string };
export type HeartbeatVerdict = { readonly verdict: 'beat' } | { readonly verdict: 'stop'; readonly reason: string };

/** Why nothing may run for a callback that is not Stored or Dispatched. */
function whyOver(row: Exclude<Callback, { state: 'Stored' | 'Dispatched' }>): string {
  switch (row.state) {
    case 'Settling':
    case 'Settled':
      return 'the callback has its outcome';
    case 'Gone':
      return WHY_GONE[row.reason];
    default:
      return assertNever(row);
  }
}

const WHY_GONE = {
  'task-closed': 'Step Functions has closed the task',
  'execution-ended': 'the execution has ended',
  superseded: 'a newer attempt of the same work has taken over',
  'not-started': 'the dispatch was given up',
  rejected: 'Step Functions refuses the task token',
} as const;

/** A host's callback answers to the run that holds its claim; other workers are known by the callbackId (L7). */
export const mayReport = (row: Callback, runId: string | undefined): boolean =>
  workReporter(row.terms) !== 'host' || (row.run !== undefined && row.run.runId === runId);

const refuse = (reason: string): Decision<ClaimVerdict> => ({ answer: { verdict: 'refused', reason } });

/**
 * Granted once, to one run of the command that was sent. The same run may ask again: its answer may have been lost. A
 * claim that is faster than the dispatcher's second write proves what that write would say: the command was sent.
 */
export function claim(row: Callback, request: ClaimRequest, at: Millis): Decision<ClaimVerdict> {
  if (row.state !== 'Stored' && row.state !== 'Dispatched') return refuse(whyOver(row));
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
      ? row
      : { ...coreOf(row), state: 'Dispatched', token: row.token, receipt, dueAt: quietAt(row) }),
    run: { ...run, lastContactAt: at },
  };
  return { next, answer: { verdict: 'granted' } };
}

/**
 * A sign of life: of the run that holds the claim, or of whoever works on what is not claimed. Progress that is too
 * large is left out; the beat counts.
 */
export function heartbeat(
  row: Callback,
  { runId, progress }: HeartbeatRequest,
  at: Millis,
): Decision<HeartbeatVerdict> {
  if (row.state !== 'Stored' && row.state !== 'Dispatched')
    return { answer: { verdict: 'stop', reason: whyOver(row) } };
  if (!mayReport(row, runId)) return { answer: { verdict: 'stop', reason: 'this run does not hold the claim' } };
  const fits = progress !== undefined && Buffer.byteLength(JSON.stringify(progress), 'utf8') <= MAX_PROGRESS_BYTES;
  const run: Run = row.run ?? { claimedAt: at, lastContactAt: at };
  return {
    next: { ...row, run: { ...run, lastContactAt: Math.max(at, run.lastContactAt), ...(fits && { progress }) } },
    answer: { verdict: 'beat' },
  };
}
