/** A queue as a loop outside Lambda sees it. */
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type AwsConnection, awsJson, mayPass, patiently, pauseAfter } from '../aws/signed-call.ts';
import { BatonError } from '../errors.ts';
import { parse } from '../parse.ts';
import { errorName } from '../send-task-errors.ts';
import { alarm } from './alarm.ts';

const Received = z.object({
  Messages: z.optional(z.array(z.object({ MessageId: z.string(), Body: z.string(), ReceiptHandle: z.string() }))),
});
export type PolledMessage = NonNullable<z.infer<typeof Received>['Messages']>[number];

export interface PolledQueue {
  /**
   * The next message, or none after a while, or once `ends` is aborted; a message that is being answered then comes again
   * when its visibility is over. A network that is lost is waited for.
   * @throws {BatonError} `Misconfigured` where SQS refuses
   */
  receive(ends: AbortSignal): Promise<readonly PolledMessage[]>;
  /** For so many seconds from now nobody else gets it; with none everybody may. Should it fail, the message comes again. */
  hide(message: PolledMessage, seconds: number): Promise<void>;
  /** Should it fail, the message comes again, and nobody waits for it any more. */
  remove(message: PolledMessage): Promise<void>;
}

/** The longest that SQS lets an empty receive wait. */
export const WAIT_SECONDS = 20;

export function polledQueue(connection: AwsConnection, queueUrl: string, visibilitySeconds: number): PolledQueue {
  const sqs = (action: string, input: object, signal?: AbortSignal) =>
    awsJson(
      connection,
      { service: 'sqs', target: `AmazonSQS.${action}`, version: '1.0', ...(signal && { signal }) },
      { QueueUrl: queueUrl, ...input },
    );
  const warn = (message: string) => (error: unknown) => alarm(message, error, { queueUrl });
  const take = async (ends: AbortSignal) => {
    const input = { MaxNumberOfMessages: 1, WaitTimeSeconds: WAIT_SECONDS, VisibilityTimeout: visibilitySeconds };
    return parse(Received, await sqs('ReceiveMessage', input, ends), 'Unavailable').Messages ?? [];
  };

  return {
    async receive(ends) {
      for (let attempt = 1; !ends.aborted; attempt++) {
        try {
          return await take(ends);
        } catch (error) {
          if (ends.aborted) break;
          if (!mayPass(error)) throw refused(queueUrl, error);
          warn('the queue is out of reach')(error);
          await setTimeout(pauseAfter(attempt, Math.random()), undefined, { signal: ends }).catch(() => undefined);
        }
      }
      return [];
    },
    async hide({ ReceiptHandle }, seconds) {
      const input = { ReceiptHandle, VisibilityTimeout: seconds };
      await sqs('ChangeMessageVisibility', input).catch(warn('a message is not kept'));
    },
    async remove({ ReceiptHandle }) {
      await patiently(() => sqs('DeleteMessage', { ReceiptHandle })).catch(warn('a message is not deleted'));
    },
  };
}

const refused = (queueUrl: string, cause: unknown): BatonError =>
  new BatonError('Misconfigured', `SQS gives no messages of ${queueUrl}: ${errorName(cause)}`, { cause });
