/**
 * Runs a function for one piece of work: asks whether anybody still waits, beats while it runs, reports what it returns
 * or throws. When nobody waits any more the function's signal is aborted, and nothing is reported.
 */
import { heartbeatIntervalSeconds } from '../policy.ts';
import { returned, thrown } from './outcome-of.ts';
import type { Reporter } from './reports.ts';

export interface WorkContext {
  /** Aborted when nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
  /** Beats now, and tells how far the work has come. Beats without progress are sent by themselves. */
  heartbeat(progress?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Absent in direct mode. */
  readonly callbackId?: string | undefined;
}

/** What a worker is: it knows nothing of queues, tokens and heartbeats. */
export type WorkFunction<Input, Output> = (input: Input, context: WorkContext) => Output | Promise<Output>;

/** Where the state has no HeartbeatSeconds, beats only ask whether to go on. */
const INTERVAL_SECONDS = 30;

/** @throws where the outcome could not be reported: the work is to come again */
export async function runWork<Input>(
  work: WorkFunction<Input, unknown>,
  input: Input,
  reporter: Reporter,
  heartbeatSeconds: number | undefined,
): Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const beat = async (progress?: Readonly<Record<string, unknown>>): Promise<void> => {
    if (!signal.aborted && (await reporter.heartbeat(progress)) === 'stop') stopping.abort();
  };
  await beat();
  if (signal.aborted) return;
  const seconds = heartbeatSeconds === undefined ? INTERVAL_SECONDS : heartbeatIntervalSeconds(heartbeatSeconds);
  const beating = setInterval(() => void beat(), seconds * 1000);
  try {
    const context = { signal, heartbeat: beat, callbackId: reporter.callbackId };
    const outcome = await Promise.resolve()
      .then(() => work(input, context))
      .then(returned, thrown);
    if (!signal.aborted) await reporter.report(outcome);
  } finally {
    clearInterval(beating);
  }
}
