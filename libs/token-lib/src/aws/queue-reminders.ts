import type { QueueSender, Reminders } from '../ports.ts';
import type { Reminder } from '../wire/reminder.ts';

/** A message of SQS is delayed by 15 minutes at most. [documented: SendMessage] */
const MAX_DELAY_SECONDS = 900;

/** Reminders as delayed messages on the completions queue. */
export const queueReminders = (sender: QueueSender, queueUrl: string): Reminders => ({
  remind: (callbackId, delay) =>
    sender.send({
      queueUrl,
      body: JSON.stringify({ type: 'tell', callbackId } satisfies Reminder),
      attributes: {},
      delaySeconds: Math.min(MAX_DELAY_SECONDS, Math.ceil(delay / 1000)),
    }),
});
