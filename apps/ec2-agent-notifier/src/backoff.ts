import type { Attempt } from './baton-client.ts';
import type { Chance, Clock, Log } from './world.ts';

const BASE_MS = 200;
const CAP_MS = 20_000;

/** Full jitter: anywhere between nothing and a ceiling that doubles with each failure. `failures` counts from 1. */
export function backoffMs(failures: number, fraction: number, capMs: number = CAP_MS): number {
  return fraction * Math.min(capMs, BASE_MS * 2 ** Math.min(failures - 1, 30));
}

export interface Patience {
  /** Monotonic. At least one request is sent, whatever it says. */
  readonly deadlineMs: number;
  /** So many refusals of our credentials in a row are final. */
  readonly forbiddenLimit: number;
  readonly wake?: AbortSignal;
}

export type Persisted<T> =
  Extract<Attempt<T>, { kind: 'answered' | 'refused' }> | { readonly kind: 'gave-up'; readonly message: string };

/** Asks until there is an answer, a refusal, or no patience left. */
export async function persist<T>(
  ask: () => Promise<Attempt<T>>,
  patience: Patience,
  { clock, chance, log }: { clock: Clock; chance: Chance; log: Log },
): Promise<Persisted<T>> {
  let forbidden = 0;
  for (let failures = 1; ; failures += 1) {
    const attempt = await ask();
    if (attempt.kind === 'answered' || attempt.kind === 'refused') return attempt;
    forbidden = attempt.kind === 'forbidden' ? forbidden + 1 : 0;
    if (forbidden >= patience.forbiddenLimit) return { kind: 'refused', message: attempt.message };
    const pauseMs = backoffMs(failures, chance.fraction());
    if (patience.wake?.aborted === true || clock.monotonicMs() + pauseMs > patience.deadlineMs) {
      return { kind: 'gave-up', message: attempt.message };
    }
    log(`${attempt.message}; asking again in ${(pauseMs / 1000).toFixed(1)} s`);
    await clock.sleep(pauseMs, patience.wake);
  }
}
