import type { Millis } from '../kernel/clock/clock.ts';
import { TimerQueue } from '../kernel/clock/timer-queue.ts';
import type { Letter } from '../services/sqs/message.ts';
import type { QueueSettings } from '../services/sqs/queue-settings.ts';

const WINDOW: Millis = 300_000;

/** Remembers for five minutes what a deduplication id stands for. */
export class Deduplication<T> {
  readonly #sent = new Map<string, T>();
  readonly #ends = new TimerQueue();

  find(key: string, now: Millis): T | undefined {
    for (let end = this.#ends.take(now); end; end = this.#ends.take(now)) end();
    return this.#sent.get(key);
  }

  remember(key: string, sent: T, now: Millis): void {
    this.#sent.set(key, sent);
    this.#ends.add(now + WINDOW, () => this.#sent.delete(key));
  }
}

/** What two messages of a FIFO queue have in common if one is a duplicate of the other. */
export function deduplicationKey({ groupId, deduplicationId }: Letter, settings: QueueSettings): string | undefined {
  if (deduplicationId === undefined) return undefined;
  return settings.deduplicationScope === 'messageGroup' ? `${deduplicationId} ${groupId}` : deduplicationId;
}
