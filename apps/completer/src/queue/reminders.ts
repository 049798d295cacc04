/** Reminders of outcomes that Step Functions did not take (L1): delayed messages on the completions queue. */
import { CallbackId, type QueueSender, type Reminders } from '@baton/token-lib';
import * as z from 'zod/mini';

/** Anybody who may send to the queue may send one: it tells what is stored and nothing else. */
export const Reminder = z.object({ type: z.literal('tell'), callbackId: CallbackId });

/** A message of SQS is delayed by 15 minutes at most. [documented: SendMessage] */
const MAX_DELAY_SECONDS = 900;

export const queueReminders = (sender: QueueSender, queueUrl: string): Reminders => ({
  remind: (callbackId, delay) =>
    sender.send({
      queueUrl,
      body: JSON.stringify({ type: 'tell', callbackId } satisfies z.infer<typeof Reminder>),
      attributes: {},
      delaySeconds: Math.min(MAX_DELAY_SECONDS, Math.ceil(delay / 1000)),
    }),
});
