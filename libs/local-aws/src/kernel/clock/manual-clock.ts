import type { Activity } from './activity.ts';
import type { Clock, Millis, Timer } from './clock.ts';
import { TimerQueue } from './timer-queue.ts';

export interface ManualClock extends Clock {
  /**
   * Moves time on by `duration` milliseconds, timer by timer: before each one fires, everything in flight has come to rest.
   * Hours pass in milliseconds.
   */
  advance(duration: Millis): Promise<void>;
  /** Moves on to the next timer, if there is one within `limit` milliseconds. Answers whether there was. */
  advanceToNext(limit?: Millis): Promise<boolean>;
}

export function createManualClock(start: Millis, activity: Activity): ManualClock {
  const queue = new TimerQueue();
  let now = start;

  const fireNext = async (until: Millis): Promise<boolean> => {
    await activity.idle();
    const next = queue.next();
    if (next === undefined || next > until) return false;
    now = Math.max(now, next);
    queue.take(now)?.();
    return true;
  };

  return {
    now: () => now,
    at(time: Millis, fire: () => void): Timer {
      return queue.add(time, fire);
    },
    async advance(duration) {
      const until = now + duration;
      while (await fireNext(until));
      now = Math.max(now, until);
      await activity.idle();
    },
    async advanceToNext(limit = Infinity) {
      const fired = await fireNext(now + limit);
      await activity.idle();
      return fired;
    },
  };
}
