import type { Millis } from '../kernel/clock/clock.ts';
import { TimerQueue } from '../kernel/clock/timer-queue.ts';

/** [documented: SQS Developer Guide, "Exactly-once processing"] */
const INTERVAL: Millis = 300_000;

/** Remembers for five minutes what was sent with a deduplication id, in a FIFO queue or topic. */
export class Deduplication<T> {
  readonly #sent = new Map<string, T>();
  readonly #ends = new TimerQueue();

  find(key: string, now: Millis): T | undefined {
    this.#ends.fireDue(now);
    return this.#sent.get(key);
  }

  remember(key: string, sent: T, now: Millis): void {
    this.#sent.set(key, sent);
    this.#ends.add(now + INTERVAL, () => this.#sent.delete(key));
  }
}
