import type { Clock } from './world.ts';

/** The longest that a timer of Node can be set to. */
const LONGEST_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  sleep: (ms, wake) =>
    new Promise((resolve) => {
      if (wake?.aborted === true) return resolve();
      const done = () => {
        clearTimeout(timer);
        wake?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, LONGEST_MS));
      wake?.addEventListener('abort', done);
    }),
};
