import type { Clock, Millis, Timer } from './clock.ts';
import { TimerQueue } from './timer-queue.ts';

/** setTimeout counts in 32 bits; a longer wait is cut into pieces. */
const LONGEST_SLEEP: Millis = 2 ** 31 - 1;

/** The machine's time, with one Node timer however many wait. It does not keep the process alive. */
export function createRealClock(): Clock & { close(): void } {
  const queue = new TimerQueue();
  let sleep: NodeJS.Timeout | undefined;
  let wakesAt = Infinity;

  const schedule = (): void => {
    const next = queue.next();
    if (next === undefined || next >= wakesAt) return;
    clearTimeout(sleep);
    wakesAt = next;
    sleep = setTimeout(wake, Math.min(Math.max(next - Date.now(), 0), LONGEST_SLEEP)).unref();
  };
  const wake = (): void => {
    wakesAt = Infinity;
    for (let fire = queue.take(Date.now()); fire; fire = queue.take(Date.now())) fire();
    schedule();
  };

  return {
    now: () => Date.now(),
    at(time: Millis, fire: () => void): Timer {
      const timer = queue.add(time, fire);
      schedule();
      return timer;
    },
    close: () => clearTimeout(sleep),
  };
}
