import type { Millis, TimerNumber } from '../protocol.ts';

/** The open timers of an execution, by the instant at which they fire. An instant with a single timer needs no set. */
export class Timers {
  readonly #due = new Map<Millis, TimerNumber | Set<TimerNumber>>();

  add(timer: TimerNumber, at: Millis): void {
    const due = this.#due.get(at);
    if (due === undefined) this.#due.set(at, timer);
    else if (typeof due === 'number') this.#due.set(at, new Set([due, timer]));
    else due.add(timer);
  }

  delete(timer: TimerNumber, at: Millis): void {
    const due = this.#due.get(at);
    if (typeof due === 'object' && due.size > 1) due.delete(timer);
    else this.#due.delete(at);
  }

  /** Returns the timers that fire at an instant, in the order in which they were started. */
  at(instant: Millis): readonly TimerNumber[] {
    const due = this.#due.get(instant) ?? [];
    return typeof due === 'number' ? [due] : [...due];
  }
}
