/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

export interface Timer {
  /** Harmless when the timer has fired. */
  cancel(): void;
}

/** Time is an argument: every service takes it from here, never from `Date` or `setTimeout`. */
export interface Clock {
  now(): Millis;
  /** Fires once, as soon as now() >= at; timers fire in order of time, and of creation where times are equal. */
  at(time: Millis, fire: () => void): Timer;
  /** No timer fires any more. */
  close?(): void;
}
