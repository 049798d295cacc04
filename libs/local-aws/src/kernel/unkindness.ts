import type { Call } from './call.ts';
import type { Millis } from './clock/clock.ts';

/**
 * What AWS does at times, and a local AWS has no need to: each is decided by one seeded source and asked for at the one place where it
 * happens. A local AWS that is kind has none.
 */
export interface Unkindness {
  /** A step of every call. @throws {AwsError} Throttling, in the service's words */
  readonly throttle: (call: Call) => void;
  /** How long a write takes to reach the global indexes of its table. */
  indexLag(): Millis;
  /** One entry for each time that an event comes to a target: how long it takes. */
  eventLags(): readonly Millis[];
  /** How long a message takes to become visible. */
  messageLag(): Millis;
  /** After which time a message in flight is delivered once more; undefined where it is not. */
  redelivery(): Millis | undefined;
  /** How long an environment of a function is used. */
  environmentLife(): Millis;
  /** Where the connection of a request breaks: before anything is done for it, or after all is done and before the answer. */
  readonly breaks: () => 'before' | 'after' | undefined;
}
