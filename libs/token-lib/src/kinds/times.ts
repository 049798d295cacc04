/** The two times that every kind of work shares with its state (L4). */
import * as z from 'zod/mini';

/** The maximum lifetime of an execution: a year (documented: Step Functions quotas). */
export const MAX_TIMEOUT_SECONDS = 31_536_000;

const wholeSeconds = z.number().check(z.int(), z.gte(1));

/** The state's TimeoutSeconds. */
export const timeoutSeconds = wholeSeconds.check(
  z.lte(MAX_TIMEOUT_SECONDS, { error: `an execution lives for ${MAX_TIMEOUT_SECONDS} seconds (a year) at most` }),
);

/** The state's HeartbeatSeconds, if it has one: a lost worker is noticed before its time is over. */
export const heartbeatSeconds = wholeSeconds;

interface Times {
  readonly timeoutSeconds: number;
  readonly heartbeatSeconds?: number | undefined;
}

export const beatsWithinItsTime = z.refine<Times>(
  (work) => work.heartbeatSeconds === undefined || work.heartbeatSeconds < work.timeoutSeconds,
  { error: 'heartbeatSeconds must be smaller than timeoutSeconds, as in the state', path: ['heartbeatSeconds'] },
);
