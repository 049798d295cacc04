import { type Attempt, backoff, retry } from '@baton/token-lib';
import type { AskingWorld } from './world.ts';

export interface Patience {
  /** Monotonic. At least one request is sent, whatever it says. */
  readonly deadlineMs: number;
  /** This many consecutive refusals of the credentials are final. */
  readonly maxForbidden: number;
  readonly wake?: AbortSignal;
}

export type Persisted<T> =
  Extract<Attempt<T>, { kind: 'answered' | 'refused' }> | { readonly kind: 'gave-up'; readonly message: string };

/** Asks until there is an answer, a refusal, or no patience left. */
export async function persist<T>(
  ask: () => Promise<Attempt<T>>,
  { deadlineMs, maxForbidden, wake }: Patience,
  { clock, chance, log }: Omit<AskingWorld, 'baton'>,
): Promise<Persisted<T>> {
  let forbidden = 0;
  const counted = async () => {
    const attempt = await ask();
    forbidden = attempt.kind === 'forbidden' ? forbidden + 1 : 0;
    return attempt;
  };
  const last = await retry(counted, {
    isFinal: ({ kind }) => kind === 'answered' || kind === 'refused' || forbidden >= maxForbidden,
    pauses(failures) {
      const pauseMs = backoff(failures, chance.fraction());
      return wake?.aborted === true || clock.monotonicMs() + pauseMs > deadlineMs ? undefined : pauseMs;
    },
    async pause(pauseMs, attempt) {
      if (attempt.kind !== 'answered') log(`${attempt.message}; asking again in ${(pauseMs / 1000).toFixed(1)} s`);
      await clock.sleep(pauseMs, wake);
    },
  });
  if (last.kind === 'answered' || last.kind === 'refused') return last;
  return { kind: forbidden >= maxForbidden ? 'refused' : 'gave-up', message: last.message };
}
