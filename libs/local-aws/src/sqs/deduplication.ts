import type { Millis } from '../clock/clock.ts';
import { TimerQueue } from '../clock/timer-queue.ts';
import type { Letter, Message } from './message.ts';
import type { QueueSettings } from './queue-settings.ts';

const WINDOW: Millis = 300_000;

/** Remembers for five minutes which message of a FIFO queue a deduplication id stands for, even if it has been deleted. */
export class Deduplication {
  readonly #scope: () => QueueSettings['deduplicationScope'];
  readonly #sent = new Map<string, Message>();
  readonly #ends = new TimerQueue();

  constructor(scope: () => QueueSettings['deduplicationScope']) {
    this.#scope = scope;
  }

  find(letter: Letter, now: Millis): Message | undefined {
    for (let end = this.#ends.take(now); end; end = this.#ends.take(now)) end();
    const key = this.#key(letter);
    return key === undefined ? undefined : this.#sent.get(key);
  }

  remember(message: Message): void {
    const key = this.#key(message);
    if (key === undefined) return;
    this.#sent.set(key, message);
    this.#ends.add(message.sentAt + WINDOW, () => this.#sent.delete(key));
  }

  #key({ groupId, deduplicationId }: Letter): string | undefined {
    if (deduplicationId === undefined) return undefined;
    return this.#scope() === 'messageGroup' ? `${deduplicationId} ${groupId}` : deduplicationId;
  }
}
