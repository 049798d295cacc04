/** A queue: at least once, in any order, and what is never done goes to the dead letters. */
import { type Millis, seconds } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Queue<M> {
  readonly send: (message: M, delay?: Millis) => void;
  /** Messages that are in it. */
  size(): number;
}

export interface QueueTerms<M> {
  readonly name: string;
  /** How long a message that was not done is invisible. */
  readonly visibility: Millis;
  readonly maxReceives: number;
  /** Returns whether the message is done. */
  readonly receive: (message: M, receiveCount: number) => Promise<boolean>;
  readonly giveUp: (message: M) => void;
}

export interface QueueWorld {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
}

export function simulateQueue<M>({ time, chance, faults }: QueueWorld, terms: QueueTerms<M>): Queue<M> {
  let size = 0;

  async function receive(message: M, count: number): Promise<void> {
    if (count > terms.maxReceives) {
      size -= 1;
      return terms.giveUp(message);
    }
    const visibleAt = time.now() + terms.visibility;
    if (await terms.receive(message, count)) size -= 1;
    else time.after(visibleAt - time.now(), () => void receive(message, count + 1));
  }

  function arrive(message: M, delay: Millis): void {
    size += 1;
    time.after(delay, () => void receive(message, 1));
  }

  return {
    size: () => size,
    send(message, delay = 0) {
      const fault = faults.at(`delivery of ${terms.name}`, ['slow', 'duplicated']);
      const late = fault === 'slow' ? chance.between(seconds(1), seconds(20)) : chance.between(5, 60);
      arrive(message, delay + late);
      if (fault === 'duplicated') arrive(message, delay + late + chance.between(1, seconds(60)));
    },
  };
}
