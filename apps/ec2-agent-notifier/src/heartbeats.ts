/**
 * Sends heartbeats while the job runs, one request at a time, and decides when the job must be stopped:
 * H1 Baton answered stop.
 * H2 Baton could not be reached for heartbeatSeconds. Step Functions gives the attempt up then, and the next one may start. Refusals
 *    count as silence: a wrong permission is repaired or it is not, and the clock runs.
 * H3 The task's own time is over.
 */
import { backoff, HeartbeatAnswer } from '@baton/token-lib';
import type { Progress } from './job-stdout.ts';
import type { HostRun } from './marker.ts';
import type { AskingWorld } from './world.ts';

const REQUEST_TIMEOUT_MS = 10_000;
/** New progress is sent before the next heartbeat is due, at most this often. */
const PROGRESS_GAP_MS = 1_000;

export interface BeatLimits {
  readonly intervalMs: number;
  /** H2. */
  readonly silenceMs: number;
}

/** Times are monotonic. */
export interface BeatState {
  lastBeatMs: number;
  /** When the last answered request was sent, the claim at first. */
  lastContactMs: number;
  deadlineMs: number;
  /** After a beat without an answer: how long to wait before the next. */
  retryPauseMs: number | undefined;
  progress: Progress | undefined;
}

export type BeatStep =
  | { readonly kind: 'beat'; readonly timeoutMs: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'stop'; readonly reason: string };

export function nextBeatStep(state: Readonly<BeatState>, limits: BeatLimits, nowMs: number): BeatStep {
  const silentAtMs = state.lastContactMs + limits.silenceMs;
  if (nowMs >= silentAtMs)
    return { kind: 'stop', reason: `Baton was out of reach for ${limits.silenceMs / 1000} seconds` };
  if (nowMs >= state.deadlineMs) return { kind: 'stop', reason: 'the time of the task is over' };
  const endMs = Math.min(silentAtMs, state.deadlineMs);
  const gapMs = state.progress === undefined ? limits.intervalMs : Math.min(PROGRESS_GAP_MS, limits.intervalMs);
  const dueMs = state.lastBeatMs + (state.retryPauseMs ?? gapMs);
  if (nowMs >= dueMs) return { kind: 'beat', timeoutMs: Math.min(REQUEST_TIMEOUT_MS, endMs - nowMs) };
  return { kind: 'wait', ms: Math.min(dueMs, endMs) - nowMs };
}

export interface Heartbeats {
  /** Takes the newest progress; older progress that was not sent yet is forgotten. */
  progress(progress: Progress): void;
  /** The job has ended: no more heartbeats, and `stop` resolves with undefined. */
  end(): void;
  /** Why the job has to be stopped. */
  readonly stop: Promise<string | undefined>;
  /** Until when Step Functions waits, as of the last answer; monotonic. */
  deadlineMs(): number;
}

export function startHeartbeats(
  run: HostRun,
  limits: BeatLimits,
  since: Pick<BeatState, 'lastContactMs' | 'deadlineMs'>,
  /** Told of each answer, with the time when it was asked for. */
  contact: (contactMs: number) => void,
  world: AskingWorld,
): Heartbeats {
  const state: BeatState = {
    ...since,
    lastBeatMs: world.clock.monotonicMs(),
    retryPauseMs: undefined,
    progress: undefined,
  };
  const over = new AbortController();
  let wake = new AbortController();

  async function loop(): Promise<string | undefined> {
    for (let failures = 0; !over.signal.aborted;) {
      wake = new AbortController();
      const step = nextBeatStep(state, limits, world.clock.monotonicMs());
      if (step.kind === 'stop') return step.reason;
      if (step.kind === 'wait') {
        await world.clock.sleep(step.ms, wake.signal);
        continue;
      }
      const outcome = await beat(run, state, step.timeoutMs, over.signal, world);
      if (outcome === 'answered') {
        failures = 0;
        contact(state.lastContactMs);
      } else if (outcome === 'unanswered') failures += 1;
      else return outcome.stop;
      state.retryPauseMs = failures === 0 ? undefined : backoff(failures, world.chance.fraction(), limits.intervalMs);
    }
    return undefined;
  }

  return {
    progress(progress) {
      state.progress = progress;
      wake.abort();
    },
    end() {
      over.abort();
      wake.abort();
    },
    stop: loop(),
    deadlineMs: () => state.deadlineMs,
  };
}

async function beat(
  run: HostRun,
  state: BeatState,
  timeoutMs: number,
  abort: AbortSignal,
  { baton, clock, log }: AskingWorld,
): Promise<'answered' | 'unanswered' | { readonly stop: string }> {
  const { progress } = state;
  state.lastBeatMs = clock.monotonicMs();
  const body = { runId: run.runId, ...(progress !== undefined && { progress }) };
  const attempt = await baton.post(run.callbackId, 'heartbeat', body, HeartbeatAnswer, { timeout: timeoutMs, abort });
  if (attempt.kind !== 'answered') {
    if (!abort.aborted) log(`no answer to a heartbeat: ${attempt.message}`);
    return 'unanswered';
  }
  if (attempt.answer.answer === 'stop') return { stop: attempt.answer.reason };
  state.lastContactMs = state.lastBeatMs;
  state.deadlineMs = clock.monotonicMs() + attempt.answer.timeLeftSeconds * 1000;
  if (state.progress === progress) state.progress = undefined;
  return 'answered';
}
