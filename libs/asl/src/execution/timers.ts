import type { Millis, TimerNumber } from '../protocol.ts';

/** The open timers of an execution by the instant they fire at. Most instants have a single timer, which stands for itself. */
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

  /** In the order in which they were started. */
  at(instant: Millis): readonly TimerNumber[] {
    const due = this.#due.get(instant) ?? [];
    return typeof due === 'number' ? [due] : [...due];
  }
}
