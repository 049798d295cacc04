/**
 * Runs a function for one piece of work: asks whether anybody still waits, sends heartbeats while it runs, and reports
 * what it returns or throws. If nobody waits any more, the function's signal is aborted and nothing is reported. If the
 * worker itself has to end, the signal is aborted as well, and the work comes again.
 */
import * as z from 'zod/mini';
import { BatonError } from '../wire/errors.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import { heartbeatIntervalSeconds } from '../wire/limits.ts';
import { parse } from '../wire/parse.ts';
import { alarm } from './process.ts';
import { returned, thrown } from './outcome-of.ts';
import type { Reporter, Reports } from './reports.ts';

export interface WorkContext<Lambda = unknown> {
  /** Aborted when nobody waits for the outcome any more, or when the worker has to end before the function does. */
  readonly signal: AbortSignal;
  /** Sends a heartbeat with progress. Heartbeats without progress are sent automatically. */
  heartbeat(progress?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Absent in direct mode. */
  readonly callbackId?: string | undefined;
  /** Lambda's context, including what middlewares have added; undefined outside Lambda. */
  readonly lambda: Lambda;
}

/** The function of a worker, which does not deal with queues, tokens or heartbeats. */
export type WorkFunction<Input, Output, Lambda = unknown> = (
  input: Input,
  context: WorkContext<Lambda>,
) => Output | Promise<Output>;

/** What runs the work. */
export interface Host<Lambda> {
  readonly lambda: Lambda;
  /** Aborted when it has to end. */
  readonly ends: AbortSignal;
}

/** If the state has no HeartbeatSeconds, heartbeats only ask whether to go on. */
const INTERVAL_SECONDS = 30;
/** setInterval treats a longer interval as 1 ms. */
const MAX_INTERVAL: Millis = 2 ** 31 - 1;

/**
 * @throws if the outcome could not be reported: the work must come again
 * @throws {BatonError} `Interrupted` if the worker had to end: the work must come again
 */
export async function runWork<Input, Lambda>(
  work: WorkFunction<Input, unknown, Lambda>,
  input: Input,
  reporter: Reporter,
  heartbeatSeconds: number | undefined,
  { lambda, ends }: Host<Lambda>,
): Promise<void> {
  const nobodyWaits = new AbortController();
  const signal = AbortSignal.any([nobodyWaits.signal, ends]);
  const { callbackId } = reporter;
  const beat = async (progress?: Readonly<Record<string, unknown>>): Promise<void> => {
    if (signal.aborted) return;
    try {
      if ((await reporter.heartbeat(progress)) === 'stop') nobodyWaits.abort();
    } catch (error) {
      // Without an answer the work goes on (L8).
      alarm('a heartbeat was not taken', error, { callbackId });
    }
  };
  const over = new AbortController();
  const ended = aborted(ends, over.signal);
  let beating: NodeJS.Timeout | undefined;
  try {
    await Promise.race([beat(), ended]);
    if (nobodyWaits.signal.aborted) return;
    if (ends.aborted) throw interrupted();
    beating = setInterval(() => void beat(), beatInterval(heartbeatSeconds));
    const running = Promise.resolve()
      .then(() => work(input, { signal, heartbeat: beat, callbackId, lambda }))
      .then(returned, thrown);
    const outcome = await Promise.race([running, ended]);
    if (nobodyWaits.signal.aborted) return;
    if (outcome === undefined) throw interrupted();
    await reporter.report(outcome);
  } finally {
    clearInterval(beating);
    over.abort();
  }
}

const beatInterval = (heartbeatSeconds: number | undefined): Millis =>
  Math.min(
    seconds(heartbeatSeconds === undefined ? INTERVAL_SECONDS : heartbeatIntervalSeconds(heartbeatSeconds)),
    MAX_INTERVAL,
  );

const interrupted = (): BatonError =>
  new BatonError('Interrupted', 'the worker had to end before its work did: it comes again');

/** Does not wait for a function that ignores its signal. */
const aborted = (signal: AbortSignal, over: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { signal: over }));

/** As written by the dispatcher or, in direct mode, by the author. `work` is the function's input. */
const Body = z.looseObject({ heartbeatSeconds: z.optional(z.number()) });

export interface WorkMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Returns whether the message is done; if not, because it could not be read, processed or reported, it must come again. */
export async function attendMessage<Input, Lambda>(
  work: WorkFunction<Input, unknown, Lambda>,
  reports: Reports,
  { messageId, body }: WorkMessage,
  host: Host<Lambda>,
): Promise<boolean> {
  try {
    const message = parse(Body, JSON.parse(body) as unknown);
    await runWork(work, message['work'] as Input, reports(message), message.heartbeatSeconds, host);
    return true;
  } catch (error) {
    alarm('message stays', error, { messageId });
    return false;
  }
}
