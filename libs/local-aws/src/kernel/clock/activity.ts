/**
 * Counts the work in flight: requests, invocations, deliverable messages. Processes on hosts do not count.
 * The manual clock advances only while there is none.
 */
export interface Activity {
  /** Marks the start of a piece of work; call the answer once when it ends. */
  begin(): () => void;
  /** The same around a promise. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is in flight and every callback that was due has run. */
  idle(): Promise<void>;
}

export function createActivity(): Activity {
  let inFlight = 0;
  let waiting: (() => void)[] = [];

  const begin = (): (() => void) => {
    let open = true;
    inFlight += 1;
    return () => {
      if (!open) return;
      open = false;
      inFlight -= 1;
      if (inFlight === 0) {
        const resume = waiting;
        waiting = [];
        for (const resolve of resume) resolve();
      }
    };
  };

  return {
    begin,
    async track(work) {
      const end = begin();
      try {
        return await work;
      } finally {
        end();
      }
    },
    async idle() {
      // Work often starts the next piece in a callback of the event loop: quiet means two turns in a row without any.
      for (let quietTurns = 0; quietTurns < 2;) {
        if (inFlight > 0) {
          await new Promise<void>((resolve) => waiting.push(resolve));
          quietTurns = 0;
        }
        await new Promise<void>((resolve) => setImmediate(resolve));
        quietTurns = inFlight === 0 ? quietTurns + 1 : 0;
      }
    },
  };
}
