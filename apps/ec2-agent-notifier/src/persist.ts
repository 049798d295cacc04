import { type Attempt, backoff, retry } from '@baton/token-lib';
import type { AskingWorld } from './world.ts';

export interface Patience<T> {
  /** Monotonic. At least one request is sent, whatever it says. */
  readonly deadlineMs: number;
  /** This many consecutive refusals of the credentials are final. */
  readonly maxForbidden: number;
  readonly wake?: AbortSignal;
  /** An answer that is not the last word: ask again while there is time. */
  readonly isProvisional?: (answer: T) => boolean;
}

export type Persisted<T> =
  Extract<Attempt<T>, { kind: 'answered' | 'refused' }> | { readonly kind: 'gave-up'; readonly message: string };

/** Asks until there is an answer, a refusal, or no patience left. */
export async function persist<T>(
  ask: () => Promise<Attempt<T>>,
  { deadlineMs, maxForbidden, wake, isProvisional = () => false }: Patience<T>,
  { clock, chance, log }: Omit<AskingWorld, 'baton'>,
): Promise<Persisted<T>> {
  let forbidden = 0;
  const counted = async () => {
    const attempt = await ask();
    forbidden = attempt.kind === 'forbidden' ? forbidden + 1 : 0;
    return attempt;
  };
  const last = await retry(counted, {
    isFinal: (attempt) =>
      attempt.kind === 'answered'
        ? !isProvisional(attempt.answer)
        : attempt.kind === 'refused' || forbidden >= maxForbidden,
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
