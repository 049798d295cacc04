import type { Catcher, Handlers, Retrier } from '../definition/state-machine.ts';
import type { EnginePorts, Millis } from '../protocol.ts';
import type { StateFailure } from './failure.ts';

function matches(names: readonly string[], { error, alias, isFatal }: StateFailure): boolean {
  if (isFatal) return false;
  return names.some((name) => {
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed') return error !== 'States.Timeout';
    return name === error || (alias !== undefined && name === alias);
  });
}

export const findCatcher = (handlers: Handlers, failure: StateFailure): Catcher | undefined =>
  handlers.catch.find((catcher) => matches(catcher.errorEquals, failure));

export const findRetrier = (handlers: Handlers, failure: StateFailure): Retrier | undefined =>
  handlers.retry.find(({ errorEquals }) => matches(errorEquals, failure));

/** How many times each retrier has been used during a visit. */
export type RetryCounts = Map<Retrier, number>;

/** Returns how long to wait before the next attempt, and counts it; undefined when there is no next attempt. */
export function nextRetryDelay(
  handlers: Handlers,
  failure: StateFailure,
  counts: RetryCounts,
  ports: EnginePorts,
): Millis | undefined {
  const retrier = findRetrier(handlers, failure);
  if (!retrier) return undefined;
  const used = counts.get(retrier) ?? 0;
  if (used >= retrier.maxAttempts) return undefined;
  counts.set(retrier, used + 1);
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** used, retrier.maxDelaySeconds ?? Infinity);
  return Math.round(1000 * (retrier.jitter ? seconds * ports.random() : seconds));
}
