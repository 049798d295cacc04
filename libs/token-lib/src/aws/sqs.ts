/** The adapters over SQS, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { QueueSender } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

export function queueSender(options: ClientOptions): QueueSender {
  const sender = once(async () => {
    const { sqsClient, sqsQueueSender } = await import('./sqs-queue-sender.ts');
    return sqsQueueSender(sqsClient(options));
  });
  return { send: async (message) => (await sender()).send(message) };
}
