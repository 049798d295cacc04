/**
 * Makes a function the Lambda handler of a queue. A message is deleted once its outcome is durable or nobody waits for it,
 * and comes again if it could not be read or reported.
 *
 * The batch processors of Powertools (@aws-lambda-powertools/batch) do not replace it: they process all messages at once or one
 * after the other, with no limit in between, and report only when the last one is done, although the function's time is over.
 */
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { concurrently } from '../concurrently.ts';
import { parse } from '../wire/parse.ts';
import { reportsOfEnvironment } from './environment.ts';
import { environment } from './process.ts';
import { withinLambdaTime, type WorkerHandler } from './lambda-time.ts';
import type { Reports } from './reports.ts';
import { attendMessage, type WorkFunction } from './run-work.ts';

export interface QueueWorkerOptions {
  /** Defaults to the environment's `BATON_ENDPOINT`, or else its `BATON_COMPLETIONS_QUEUE_URL`. */
  readonly reports?: Reports;
  /** How many messages of a batch to process at once (10). Those of a FIFO queue are processed in order. */
  readonly concurrency?: number;
}

export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

const SqsEvent = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string(), eventSourceARN: z.string() })),
});
type SqsMessage = z.infer<typeof SqsEvent>['Records'][number];

const MAX_AT_ONCE = 10;

/** With a concurrency of 0, every message would be deleted unread. */
const Options = z.object({ concurrency: z.number().check(z.int(), z.gte(1)) });

/**
 * Calls the function with the `work` of each message. What it returns is the state's result; what it throws is the
 * state's error. Messages that are not done when the Lambda function's time is nearly over are interrupted and come again.
 *
 * @throws {BatonError} `Misconfigured` for a concurrency that is not a whole number from 1
 */
export function queueWorker<Input, Lambda extends Context = Context>(
  work: WorkFunction<Input, unknown, Lambda>,
  { reports: given, concurrency = MAX_AT_ONCE }: QueueWorkerOptions = {},
): WorkerHandler<Lambda, BatchAnswer> {
  parse(Options, { concurrency }, 'Misconfigured');
  let reports = given;
  // A default value and not a third parameter: runtimes expect a handler with three parameters to use a callback.
  return (event, lambda, { signal } = {}) =>
    withinLambdaTime(lambda, signal, async (host) => {
      const by = (reports ??= reportsOfEnvironment(environment()));
      const attend: Attend = (message) => attendMessage(work, by, message, host);
      const messages = parse(SqsEvent, event).Records;
      const isFifo = messages[0]?.eventSourceARN.endsWith('.fifo') ?? false;
      const failed = isFifo ? await inOrder(messages, attend) : await atOnce(messages, concurrency, attend);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
}

type Attend = (message: SqsMessage) => Promise<boolean>;

async function atOnce(messages: readonly SqsMessage[], limit: number, attend: Attend): Promise<SqsMessage[]> {
  const failed: SqsMessage[] = [];
  await concurrently(messages, limit, async (message) => {
    if (!(await attend(message))) failed.push(message);
  });
  return failed;
}

/** In a FIFO queue, all messages after a failed one come again, to keep their order. */
async function inOrder(messages: readonly SqsMessage[], attend: Attend): Promise<SqsMessage[]> {
  for (const [index, message] of messages.entries()) {
    if (!(await attend(message))) return messages.slice(index);
  }
  return [];
}
