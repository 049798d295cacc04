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
   */
  at(what: string, possible: readonly Fault[]): Fault | undefined;
}

export const noFaults: Faults = { at: () => undefined };

export const randomFaults = (chance: Chance, probability: number): Faults => ({
  at: (_, possible) => (chance.happens(probability) ? chance.pick(possible) : undefined),
});
