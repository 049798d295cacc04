/** What the program needs of its surroundings. main.ts builds the real one; tests bring their own. */
import type { BatonClient } from '@baton/token-lib';
import type { HostClock } from './host-clock.ts';

export interface Chance {
  /** From 0 to below 1. */
  fraction(): number;
  uuid(): string;
}

/** Says something to the operator, in one line. */
export type HostLog = (line: string) => void;

/** What is needed to ask Baton. */
export interface AskingWorld {
  readonly baton: BatonClient;
  readonly clock: HostClock;
  readonly chance: Chance;
  readonly log: HostLog;
}
