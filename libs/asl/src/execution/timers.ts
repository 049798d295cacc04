import type { Millis, TimerNumber } from '../protocol.ts';

/** The open timers of an execution, by number and by the instant they fire at. */
export class Timers {
  readonly #instants = new Map<TimerNumber, Millis>();
  readonly #due = new Map<Millis, Set<TimerNumber>>();

  add(timer: TimerNumber, at: Millis): void {
    this.#instants.set(timer, at);
    const due = this.#due.get(at);
    if (due) due.add(timer);
    else this.#due.set(at, new Set([timer]));
  }

  /** @returns false when the timer is not open */
  delete(timer: TimerNumber): boolean {
    const at = this.#instants.get(timer);
    if (at === undefined) return false;
    this.#instants.delete(timer);
    const due = this.#due.get(at);
    due?.delete(timer);
    if (due?.size === 0) this.#due.delete(at);
    return true;
  }

  /** The open timers that fire at the same instant as this one, itself included; none when it is not open. */
  together(timer: TimerNumber): readonly TimerNumber[] {
    const at = this.#instants.get(timer);
    return at === undefined ? [] : [...(this.#due.get(at) ?? [])];
  }
}
