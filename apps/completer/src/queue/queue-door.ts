/**
 * The door of messages: reports on the completions queue, for workers that cannot wait for an answer, and what other
 * queues have given up (dead-letter queues). A message is deleted when what it says is durable; else it comes again,
 * and in the end it lies in that queue's own dead-letter queue, or stays where it is.
 */
import { concurrently, errorName, type Millis, type SettlePorts } from '@baton/token-lib';
import { onDeadLetter } from './dead-letter.ts';
import { onReport } from './report-message.ts';
import { type BatchAnswer, messagesOf, type SqsMessage } from './sqs-event.ts';

const AT_ONCE = 10;

export async function handleQueue(
  ports: SettlePorts,
  completionsQueueArn: string,
  event: unknown,
  at: Millis,
): Promise<BatchAnswer> {
  const failed: string[] = [];
  await concurrently(messagesOf(event), AT_ONCE, async (message) => {
    try {
      await handle(ports, message, completionsQueueArn, at);
    } catch (error) {
      failed.push(message.messageId);
      const why = error instanceof Error && error.name.startsWith('Baton.') ? error.message : undefined;
      ports.log('alarm', 'message not taken', { messageId: message.messageId, error: errorName(error), why });
    }
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

const handle = (ports: SettlePorts, message: SqsMessage, completionsQueueArn: string, at: Millis): Promise<void> =>
  message.eventSourceARN === completionsQueueArn ? onReport(ports, message, at) : onDeadLetter(ports, message, at);
