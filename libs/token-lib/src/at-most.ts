import type { Clock } from './ports.ts';
import { BatonError } from './wire/errors.ts';

/**
 * Returns what wraps calls so that together they are at most so many a second; what is over it is refused and not made. AWS's
 * rates are the whole account's: asking after many silent hosts at once must not take them from everybody else.
 */
export function atMost(perSecond: number, clock: Clock) {
  let second = 0;
  let made = 0;
  return <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
    /** @throws {BatonError} `Unavailable` */
    async (...args: A): Promise<T> => {
      const now = Math.floor(clock() / 1000);
      if (now !== second) [second, made] = [now, 0];
      made += 1;
      if (made > perSecond) throw new BatonError('Unavailable', `more than ${perSecond} calls in a second`);
      return call(...args);
    };
}
