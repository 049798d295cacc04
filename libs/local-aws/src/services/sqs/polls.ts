import type { Clock, Millis, Timer } from '../../kernel/clock/clock.ts';
import type { Delivery } from './delivery.ts';

interface Poll {
  readonly take: () => Delivery[];
  readonly resolve: (deliveries: Delivery[]) => void;
  readonly ends: Timer;
}

/** The long polls that wait at a queue, the oldest first. */
export class Polls {
  readonly #clock: Clock;
  readonly #waiting = new Set<Poll>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves to the first messages that `take` finds, or to none when the time is up. */
  wait(take: () => Delivery[], duration: Millis): Promise<Delivery[]> {
    return new Promise((resolve) => {
      const ends = this.#clock.at(this.#clock.now() + duration, () => {
        this.#waiting.delete(poll);
        resolve([]);
      });
      const poll: Poll = { take, resolve, ends };
      this.#waiting.add(poll);
    });
  }

  serve(): void {
    for (const poll of this.#waiting) {
      const deliveries = poll.take();
      if (deliveries.length === 0) return;
      this.#end(poll, deliveries);
    }
  }

  close(): void {
    for (const poll of this.#waiting) this.#end(poll, []);
  }

  #end(poll: Poll, deliveries: Delivery[]): void {
    this.#waiting.delete(poll);
    poll.ends.cancel();
    poll.resolve(deliveries);
  }
}
