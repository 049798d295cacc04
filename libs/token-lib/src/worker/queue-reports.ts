import { type AwsConnection, awsConnection } from '../aws/signed-call.ts';
import { sqsQueueSender } from '../aws/sqs-queue-sender.ts';
import { CallbackId } from '../callback-id.ts';
import { BatonError } from '../errors.ts';
import { failure } from '../outcome.ts';
import { parse } from '../parse.ts';
import type { QueuedReport } from '../reports.ts';
import * as z from 'zod/mini';
import type { Reports } from './reports.ts';

const Message = z.object({ callbackId: CallbackId });

/** What a queue made by Terraform takes. */
const MOST_MESSAGE_BYTES = 262_144;

/** By the completions queue: nobody answers, so a worker never hears that it may stop. For who cannot reach the HTTP API. */
export function queueReports(queueUrl: string, connection: AwsConnection = awsConnection(process.env)): Reports {
  const queues = sqsQueueSender(connection);
  const send = async (report: QueuedReport): Promise<void> => {
    const sent = await queues.send({ queueUrl, body: JSON.stringify(report), attributes: {} });
    if (sent.answer !== 'started') throw new BatonError('Unavailable', `the completions queue: ${sent.why}`);
  };
  return (message) => {
    const { callbackId } = parse(Message, message);
    return {
      callbackId,
      async heartbeat(progress) {
        await send({ type: 'heartbeat', callbackId, progress });
        return 'continue';
      },
      async report(outcome) {
        const report: QueuedReport =
          outcome.type === 'success'
            ? { type: 'success', callbackId, output: JSON.parse(outcome.output) as unknown }
            : { ...outcome, callbackId };
        const isTooLarge = Buffer.byteLength(JSON.stringify(report), 'utf8') > MOST_MESSAGE_BYTES;
        await send(isTooLarge ? { ...TOO_LARGE, callbackId } : report);
      },
    };
  };
}

const TOO_LARGE = failure(
  'Baton.OutputTooLarge',
  `a message has ${MOST_MESSAGE_BYTES} bytes at most: report by HTTP, or store the output elsewhere and report where`,
);
