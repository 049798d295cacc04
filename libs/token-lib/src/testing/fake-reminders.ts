import type { CallbackId } from '../wire/callback-id.ts';
import type { Millis } from '../wire/millis.ts';
import type { Reminders } from '../ports.ts';

export interface FakeReminders extends Reminders {
  /** What is to be reminded of, in the order in which it was asked for. */
  readonly asked: { readonly callbackId: CallbackId; readonly delay: Millis }[];
}

/** Reminders that a test delivers by itself. */
export function fakeReminders(): FakeReminders {
  const asked: FakeReminders['asked'] = [];
  return {
    asked,
    async remind(callbackId, delay) {
      asked.push({ callbackId, delay });
      return { answer: 'started', receipt: `reminder-${asked.length}` };
    },
  };
}
