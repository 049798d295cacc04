import { repeatableCalls } from '../aws/client-options.ts';
import { queueSender } from '../aws/sqs.ts';
import { CallbackId } from '../wire/callback-id.ts';
import { BatonError } from '../wire/errors.ts';
import { seconds } from '../wire/millis.ts';
import { MAX_MESSAGE_BYTES } from '../wire/limits.ts';
import { failure } from '../wire/outcome.ts';
import { parse } from '../wire/parse.ts';
import type { QueueSender } from '../ports.ts';
import type { QueuedReport } from '../wire/reports.ts';
import * as z from 'zod/mini';
import type { Reports } from './reports.ts';

const Message = z.object({ callbackId: CallbackId, workSecret: z.optional(z.string()) });

/** A report that comes twice is a duplicate. */
const SQS_CALLS = repeatableCalls({ connectionTimeout: seconds(1), requestTimeout: seconds(4) });

/**
 * Reports by the completions queue, for workers that cannot reach the HTTP API. Nobody answers, so a worker is never told
 * to stop.
 *
 * @param queueUrl `BATON_COMPLETIONS_QUEUE_URL`
 */
export function queueReports(queueUrl: string, queues: QueueSender = queueSender(SQS_CALLS)): Reports {
  const send = async (report: QueuedReport): Promise<void> => {
    const sent = await queues.send({ queueUrl, body: JSON.stringify(report), attributes: {} });
    if (sent.answer !== 'started') throw new BatonError('Unavailable', `the completions queue: ${sent.why}`);
  };
  return (message) => {
    const address = parse(Message, message);
    return {
      callbackId: address.callbackId,
      async heartbeat(progress) {
        await send({ type: 'heartbeat', ...address, progress });
        return 'continue';
      },
      async report(outcome) {
        const report: QueuedReport =
          outcome.type === 'success'
            ? { type: 'success', ...address, output: JSON.parse(outcome.output) as unknown }
            : { ...outcome, ...address };
        const isTooLarge = Buffer.byteLength(JSON.stringify(report), 'utf8') > MAX_MESSAGE_BYTES;
        await send(isTooLarge ? { ...TOO_LARGE, ...address } : report);
      },
    };
  };
}

const TOO_LARGE = failure(
  'Baton.OutputTooLarge',
  `a message has ${MAX_MESSAGE_BYTES} bytes at most: report by HTTP, or store the output elsewhere and report where`,
);
