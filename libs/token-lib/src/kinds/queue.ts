/** A message on an SQS queue, for a worker that takes it from there and reports by the callbackId and the secret in it. */
import * as z from 'zod/mini';
import type { Pause, QueueSender } from './start-ports.ts';
import { addressOf, handOver, type Starter } from './start.ts';
import { beatsWithinItsTime, heartbeatSeconds, timeoutSeconds } from './times.ts';

const isFifo = (queueUrl: string): boolean => queueUrl.endsWith('.fifo');
const name = z.string().check(z.minLength(1), z.maxLength(128));

export const QueueWork = z
  .strictObject({
    kind: z.literal('queue'),
    queueUrl: z
      .string()
      .check(
        z.regex(/^https?:\/\/[^/\s]+\/\d{12}\/[A-Za-z0-9_-]{1,80}(\.fifo)?$/, { error: "must be an SQS queue's URL" }),
      ),
    /** What the worker is to do, as any JSON. Sent as `work`, beside the callbackId and its secret. */
    message: z.unknown(),
    /** FIFO queues only: messages of the same group are processed in order. */
    groupId: z.optional(name),
    /** FIFO queues only. Defaults to the callbackId, which is the same when a dispatch is repeated. */
    deduplicationId: z.optional(name),
    timeoutSeconds,
    heartbeatSeconds: z.optional(heartbeatSeconds),
  })
  .check(
    z.refine((work) => work.message !== undefined, {
      error: 'is missing: any JSON, null at the least',
      path: ['message'],
    }),
    z.refine((work) => isFifo(work.queueUrl) === (work.groupId !== undefined), {
      error: 'stands with a FIFO queue (its name ends in .fifo), and with no other',
      path: ['groupId'],
    }),
    z.refine((work) => isFifo(work.queueUrl) || work.deduplicationId === undefined, {
      error: 'stands with a FIFO queue only',
      path: ['deduplicationId'],
    }),
    beatsWithinItsTime,
  );
export type QueueWork = z.infer<typeof QueueWork>;

export interface QueueStarterPorts {
  readonly queues: QueueSender;
  readonly pause: Pause;
}

/** Sends the work with its callbackId and its secret, never the token (L3). */
export function queueStarter({ queues, pause }: QueueStarterPorts): Starter<QueueWork> {
  return (callback, { queueUrl, message, heartbeatSeconds, groupId, deduplicationId = callback.callbackId }) =>
    handOver('the message', pause, () =>
      queues.send({
        queueUrl,
        body: JSON.stringify({ ...addressOf(callback), work: message, heartbeatSeconds }),
        attributes: { callbackId: callback.callbackId },
        fifo: groupId === undefined ? undefined : { groupId, deduplicationId },
      }),
    );
}
