/**
 * Rules of the look that a reminder brings about: whether a run that is silent has ended is asked within its heartbeat, so that
 * its task fails by a name and not by the heartbeat's clock (L6). The reconciler, once a minute, would be too late.
 */
import type { Millis } from '../wire/millis.ts';
import { seconds } from '../wire/millis.ts';
import { type Callback, type Dispatched, isUndecided, type Stored, type Undecided } from './callback.ts';
import { observedQuietAt } from './observe.ts';
import { lookDelay } from './policy.ts';

export type LookDecision =
  /** Nothing can be asked, or nobody waits any more. */
  | { readonly answer: 'over' }
  | { readonly answer: 'again'; readonly at: Millis }
  /** Somebody has a word to say and a while to say it, during which nobody beats. */
  | { readonly answer: 'keepAlive'; readonly row: Undecided; readonly at: Millis }
  | { readonly answer: 'findCommand'; readonly row: Stored }
  | { readonly answer: 'lost'; readonly row: Dispatched }
  | { readonly answer: 'ask'; readonly row: Dispatched; readonly at: Millis };

/** @returns what to do now, and when to look again */
export function look(row: Callback, at: Millis): LookDecision {
  const { heartbeatSeconds, instanceId } = row.terms;
  if (!isUndecided(row) || heartbeatSeconds === undefined || at >= row.deadline) return { answer: 'over' };
  const delay = lookDelay(heartbeatSeconds);
  if (row.state === 'Stored') {
    if (at >= row.dueAt) return { answer: 'findCommand', row };
    return { answer: 'keepAlive', row, at: Math.min(row.dueAt, at + delay) };
  }
  if (instanceId === undefined) return { answer: 'over' };
  if (row.observed !== undefined) return lookAtEnded(row, row.observed.at, at, delay);
  const heardAt = row.run?.lastContactAt ?? row.createdAt;
  if (at < heardAt + delay) return { answer: 'again', at: heardAt + delay };
  // Once more before the heartbeat's clock runs out, and ever more seldom from then on.
  return { answer: 'ask', row, at: at + Math.max(0.3 * seconds(heartbeatSeconds), (at - heardAt) / 2) };
}

/** The worker's report has its grace; a worker that is heard of since keeps its task alive by itself. */
function lookAtEnded(row: Dispatched, endedAt: Millis, at: Millis, delay: Millis): LookDecision {
  const quiet = observedQuietAt(row, endedAt);
  if (at >= quiet) return { answer: 'lost', row };
  if (row.run !== undefined && row.run.lastContactAt > endedAt + seconds(1)) return { answer: 'again', at: quiet };
  return { answer: 'keepAlive', row, at: Math.min(quiet, at + delay) };
}
