import type { QueueSender } from '@baton/token-lib';
import { handOver, type Pause } from './hand-over.ts';
import type { Starter } from './starter.ts';

export interface QueueStarterPorts {
  readonly queues: QueueSender;
  readonly pause: Pause;
}

/** Sends the work and the callbackId, and never the token (L3). */
export function queueStarter({ queues, pause }: QueueStarterPorts): Starter<'queue'> {
  return ({ callbackId }, { queueUrl, message, heartbeatSeconds, groupId, deduplicationId = callbackId }) =>
    handOver('the message', pause, () =>
      queues.send({
        queueUrl,
        body: JSON.stringify({ callbackId, work: message, heartbeatSeconds }),
        attributes: { callbackId },
        fifo: groupId === undefined ? undefined : { groupId, deduplicationId },
      }),
    );
}
