/** The host's two clocks, and pauses. Tests bring their own. */
export interface HostClock {
  /** Milliseconds that only ever grow, for deadlines: CLOCK_MONOTONIC, the same in every process of the host. */
  monotonicMs(): number;
  /** Milliseconds since 1970, as the host believes; for signatures and expiry. */
  epochMs(): number;
  /** Resolves after `ms`, or at once when `wake` aborts. Never rejects. */
  sleep(ms: number, wake?: AbortSignal): Promise<void>;
}

/** The longest that a timer of Node can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const hostClock: HostClock = {
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  epochMs: () => Date.now(),
  sleep: (ms, wake) =>
    new Promise((resolve) => {
      if (wake?.aborted === true) return resolve();
      const done = () => {
        clearTimeout(timer);
        wake?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, MAX_TIMER_MS));
      wake?.addEventListener('abort', done);
    }),
};
