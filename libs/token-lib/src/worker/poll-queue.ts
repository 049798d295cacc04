/**
 * A function as a worker outside Lambda: a loop in a container or on a host takes messages from a queue. A message is
 * hidden from others while the function works on it, deleted when its outcome is durable, and comes again otherwise.
 */
import * as z from 'zod/mini';
import { repeatableCalls } from '../aws/client-options.ts';
import { concurrently } from '../concurrently.ts';
import { seconds } from '../wire/millis.ts';
import { parse } from '../wire/parse.ts';
import type { PolledMessage, PolledQueue } from '../ports.ts';
import { alarm, chance, environment, pause } from './process.ts';
import { reportsOfEnvironment } from './environment.ts';
import type { Reports } from './reports.ts';
import { attendMessage, type WorkFunction } from './run-work.ts';

export interface PollOptions {
  readonly queueUrl: string;
  /** Ends the loop: no more messages are taken, and those in progress are finished. */
  readonly signal: AbortSignal;
  /**
   * Also interrupts messages in progress: the functions' signals are aborted, nothing is reported, and the messages go
   * back to the queue.
   */
  readonly interrupt?: AbortSignal;
  readonly reports?: Reports;
  /** Messages that are worked on at once (1). */
  readonly concurrency?: number;
  /** How long a message is hidden from others at a time (60). The loop hides it again each third of that. */
  readonly visibilitySeconds?: number;
}

const Options = z.object({
  queueUrl: z.url({ error: "must be the queue's URL" }),
  concurrency: z._default(z.number().check(z.int(), z.gte(1)), 1),
  /** As SQS has them, but for 0, which would hide nothing. */
  visibilitySeconds: z._default(z.number().check(z.int(), z.gte(1), z.lte(43_200)), 60),
});

/** A receive that finds nothing is answered after its wait of 20 seconds only. */
const SQS_CALLS = repeatableCalls({ connectionTimeout: seconds(3), requestTimeout: seconds(30) });

/**
 * Polls the queue until a signal is aborted. Resolves when the messages in progress are finished.
 *
 * @throws {BatonError} `Misconfigured` for invalid options or if SQS refuses, after messages in progress are finished
 */
export async function pollQueue<Input>(
  work: WorkFunction<Input, unknown, undefined>,
  options: PollOptions,
): Promise<void> {
  const { queueUrl, concurrency, visibilitySeconds } = parse(Options, options, 'Misconfigured');
  const reports = options.reports ?? reportsOfEnvironment(environment());
  const { sqsClient, sqsPolledQueue } = await import('../aws/sqs-polled-queue.ts');
  const queue = sqsPolledQueue(sqsClient(SQS_CALLS), { queueUrl, visibilitySeconds, alarm, chance, pause });
  return attendQueue(work, queue, { ...options, reports, concurrency, visibilitySeconds });
}

export type AttendOptions = Pick<PollOptions, 'signal' | 'interrupt'> &
  Required<Pick<PollOptions, 'reports' | 'concurrency' | 'visibilitySeconds'>>;

/** @throws {BatonError} `Misconfigured` where the queue refuses */
export async function attendQueue<Input>(
  work: WorkFunction<Input, unknown, undefined>,
  queue: PolledQueue,
  options: AttendOptions,
): Promise<void> {
  const { signal, interrupt = new AbortController().signal, reports, concurrency, visibilitySeconds } = options;
  const refused = new AbortController();
  const ends = AbortSignal.any([signal, interrupt, refused.signal]);

  const attend = async (message: PolledMessage): Promise<void> => {
    let kept = Promise.resolve();
    const keep = (): void => void (kept = queue.hide(message, visibilitySeconds));
    const keeping = setInterval(keep, seconds(visibilitySeconds) / 3);
    const isDone = await attendMessage(work, reports, message, { lambda: undefined, ends: interrupt });
    clearInterval(keeping);
    if (isDone) return queue.remove(message);
    if (!interrupt.aborted) return;
    await kept; // Or it would be kept after it was given back.
    await queue.hide(message, 0);
  };
  const loop = async (): Promise<void> => {
    try {
      while (!ends.aborted) for (const message of await queue.receive(ends)) await attend(message);
    } catch (error) {
      refused.abort();
      throw error;
    }
  };
  const { failures } = await concurrently(Array.from({ length: concurrency }), concurrency, loop);
  if (failures.length > 0) throw failures[0];
}
