import { jobOf, longestSilenceSeconds } from '../kinds/work.ts';
import { type Callback, GONE_REASONS } from '../lifecycle/callback.ts';
import { heartbeatIntervalSeconds, STOP_GRACE_SECONDS } from '../wire/limits.ts';
import { grantClaim, precedence } from '../lifecycle/run.ts';
import type { Millis } from '../wire/millis.ts';
import type { ClaimAnswer, ClaimRequest } from '../wire/reports.ts';
import { change } from './change.ts';
import { timeLeftSeconds } from './relay-heartbeat.ts';
import { taskIsGone, type TaskPorts } from './task-is-gone.ts';

/** The earlier run may say at any moment that it has stopped. */
const MAX_WAIT_SECONDS = 5;

const TASK_CLOSED: ClaimAnswer = { answer: 'refused', reason: GONE_REASONS['task-closed'] };

/** Whether this run may start (L7): not before the run of an earlier attempt is over, and not for a task that is no more. */
export async function claim(ports: TaskPorts, row: Callback, request: ClaimRequest, at: Millis): Promise<ClaimAnswer> {
  const job = jobOf(await ports.store.workOf(row));
  if (job === undefined) return { answer: 'refused', reason: 'work of this kind is not claimed' };
  const wait = await waitFor(ports, row, at);
  if (wait !== undefined) {
    // Whoever waits is alive: without a heartbeat its own attempt would time out meanwhile.
    return (await taskIsGone(ports, row, at)) ? TASK_CLOSED : wait;
  }

  const claimed = await change(ports.store, row, (current) => grantClaim(current, request, at));
  if (claimed.answer === 'refused') return { answer: 'refused', reason: claimed.reason };

  // The first sign of life starts the state's heartbeat clock anew, and tells whether anybody still waits.
  if (await taskIsGone(ports, claimed.next, at)) return TASK_CLOSED;
  const heartbeatSeconds = longestSilenceSeconds(claimed.next.terms);
  return {
    answer: 'granted',
    job,
    heartbeatIntervalSeconds: heartbeatIntervalSeconds(heartbeatSeconds),
    heartbeatSeconds,
    timeLeftSeconds: timeLeftSeconds(claimed.next, at),
    stopGraceSeconds: STOP_GRACE_SECONDS,
  };
}

/** Walks back over attempts that were never claimed, to the last one that may still run. */
async function waitFor({ store }: TaskPorts, row: Callback, at: Millis): Promise<ClaimAnswer | undefined> {
  let before = row.supersedes;
  while (before !== undefined) {
    const earlier = await store.read(before);
    if (earlier === undefined) return undefined;
    const found = precedence(earlier, at);
    if (found.answer === 'go') return undefined;
    if (found.answer === 'wait') {
      const seconds = Math.ceil((found.until - at) / 1000);
      const longest = Math.min(MAX_WAIT_SECONDS, heartbeatIntervalSeconds(longestSilenceSeconds(row.terms)));
      return { answer: 'wait', retryAfterSeconds: Math.min(Math.max(seconds, 1), longest) };
    }
    before = found.at;
  }
  return undefined;
}
