import { type Millis, seconds } from './millis.ts';

/** Returns how long to pause after the `failures`-th failure in a row, counted from 1; undefined ends the trying. */
export type Pauses = (failures: number) => Millis | undefined;

const listed =
  (...pauses: readonly Millis[]): Pauses =>
  (failures) =>
    pauses[failures - 1];

const LONGEST_PAUSE = seconds(20);

/**
 * Full jitter: anywhere between nothing and a ceiling that doubles with each failure, from 200 ms.
 *
 * @param chance from 0 to below 1
 */
export const backoff = (failures: number, chance: number, longest: Millis = LONGEST_PAUSE): Millis =>
  chance * Math.min(longest, 200 * 2 ** Math.min(failures - 1, 30));

/** The pauses before further attempts, by what is attempted. */
export const PAUSES = {
  /** Work is handed to SSM, SQS, Lambda or SNS. With four seconds a call, three attempts fit the dispatcher's time. */
  start: listed(300, 1_000),
  /** A partner's endpoint may be restarting. With four seconds a call, four attempts fit the dispatcher's time. */
  partner: listed(500, 1_500, 4_000),
  /** An outcome that Step Functions did not take: with five seconds a call, four attempts fit a handler's time (L1). */
  tell: listed(200, 800, 2_000),
  /** A worker's report: its message or invocation comes again where three attempts fail. */
  report:
    (chance: () => number): Pauses =>
    (failures) =>
      failures < 3 ? 100 * 2 ** failures * (0.5 + chance()) : undefined,
} as const;

export interface Retrying<T> {
  readonly isFinal: (result: T) => boolean;
  readonly pauses: Pauses;
  readonly pause: (duration: Millis, result: T) => Promise<void>;
}

/**
 * Calls until a result is final or no pause is left.
 *
 * @returns the last result. What the call throws is thrown at once.
 */
export async function retry<T>(call: () => Promise<T>, { isFinal, pauses, pause }: Retrying<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    const result = await call();
    if (isFinal(result)) return result;
    const duration = pauses(failures);
    if (duration === undefined) return result;
    await pause(duration, result);
  }
}
