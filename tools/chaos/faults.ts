/** What may go wrong with a call, and which calls it goes wrong with. */
import type { Chance } from './chance.ts';

export const FAULTS = [
  /** The caller dies before the call leaves it. */
  'crash before',
  /** The caller dies when the call has done its work. */
  'crash after',
  /** The service refuses the call without looking at it. */
  'throttled',
  /** The request is lost on its way: nothing happens, and the caller waits for its timeout. */
  'not delivered',
  /** The call does its work, and the caller waits for its timeout. */
  'answer lost',
  /** The call takes seconds, and others that came later are before it. */
  'slow',
  /** The call does its work, and the caller is frozen before it goes on. */
  'frozen',
  /** Two of the same arrive, one of them later. */
  'duplicated',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Faults {
  /**
   * Asked at each call, once.
   *
   * @param what names the call, e.g. `replace Settling`
   * @param possible what can go wrong with it
   * @param about the piece of work that it is about, where it is about one
   */
  at(what: string, possible: readonly Fault[], about?: string): Fault | undefined;
}

export const noFaults: Faults = { at: () => undefined };

export const randomFaults = (chance: Chance, probability: number): Faults => ({
  at: (_, possible) => (chance.happens(probability) ? chance.pick(possible) : undefined),
});

/** One fault in the life of each piece: of the call with that number, counted from the first call that is called `since`. */
export function singleFault(fault: Fault, number: number, since: string): Faults & { readonly hit: () => number } {
  const calls = new Map<string, number>();
  let hit = 0;
  return {
    hit: () => hit,
    at(what, possible, about) {
      if (about === undefined || (what !== since && !calls.has(about))) return undefined;
      const count = calls.get(about) ?? 0;
      calls.set(about, count + 1);
      if (count !== number || !possible.includes(fault)) return undefined;
      hit += 1;
      return fault;
    },
  };
}
