import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { BatonError } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import type { PolledMessage, PolledQueue } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import { backoff } from '../wire/retry.ts';
import { mayPass } from './may-pass.ts';

export { sqsClient } from './sqs-queue-sender.ts';

export interface PolledQueueOptions {
  readonly queueUrl: string;
  /** How long a message is hidden from the others when it is received. */
  readonly visibilitySeconds: number;
  /** Told of what went wrong and will be tried again. */
  readonly alarm: (message: string, error: unknown, about: object) => void;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Resolves after that long, or when the signal is aborted. */
  readonly pause: (duration: Millis, signal: AbortSignal) => Promise<void>;
}

/** The longest that an empty receive may wait (documented: ReceiveMessage, WaitTimeSeconds). */
export const WAIT_SECONDS = 20;

/** @param client must have time for a receive that waits: a request timeout of more than `WAIT_SECONDS` */
export function sqsPolledQueue(client: SQSClient, options: PolledQueueOptions): PolledQueue {
  const { queueUrl: QueueUrl, visibilitySeconds, alarm, chance, pause } = options;
  const warn = (message: string) => (error: unknown) => alarm(message, error, { queueUrl: QueueUrl });
  const take = async (ends: AbortSignal): Promise<PolledMessage[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: visibilitySeconds,
      }),
      { abortSignal: ends },
    );
    return Messages.map(({ MessageId: messageId = '', Body: body = '', ReceiptHandle: receiptHandle = '' }) => ({
      messageId,
      body,
      receiptHandle,
    }));
  };

  return {
    async receive(ends) {
      for (let attempt = 1; !ends.aborted; attempt++) {
        try {
          return await take(ends);
        } catch (error) {
          if (ends.aborted) break;
          if (!mayPass(error)) throw refused(QueueUrl, error);
          warn('the queue is out of reach')(error);
          await pause(backoff(attempt, chance()), ends);
        }
      }
      return [];
    },
    async hide({ receiptHandle: ReceiptHandle }, VisibilityTimeout) {
      const hiding = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout });
      await client.send(hiding).catch(warn('a message is not kept'));
    },
    async remove({ receiptHandle: ReceiptHandle }) {
      const removing = new DeleteMessageCommand({ QueueUrl, ReceiptHandle });
      await client.send(removing).catch(warn('a message is not deleted'));
    },
  };
}

const refused = (queueUrl: string, cause: unknown): BatonError =>
  new BatonError('Misconfigured', `SQS gives no messages of ${queueUrl}: ${errorName(cause)}`, { cause });
