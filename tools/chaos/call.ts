/** A call from a process to a service: it takes a moment, and it may go wrong in every way that there is. */
import { type Millis, seconds } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import { FAULTS, type Fault, type Faults } from './faults.ts';
import type { Process } from './process.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the SDK throws where a service refused or did not answer. */
export class InjectedError extends Error {}

export type Refusal = 'ThrottlingException' | 'TimeoutError';

export interface Call<T> {
  /** e.g. `replace Settling` */
  readonly what: string;
  readonly effect: () => T | Promise<T>;
  /** What the caller is given in place of the effect's answer; a port that rejects throws. */
  readonly refused: (why: Refusal) => T;
  /** After which the caller gives up. */
  readonly timeout: Millis;
}

export interface CallWorld {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  /** Something went wrong with a call about this. */
  readonly touch: (about: string | undefined) => void;
  readonly note: (about: string | undefined, what: string) => void;
}

export const refusing = (why: Refusal): never => {
  throw new InjectedError(why);
};

/** The faults of calls to services; a duplicate is a matter of deliveries. */
const POSSIBLE = FAULTS.filter((fault) => fault !== 'duplicated');
/** What has lived for so many calls is not killed any more: a run of the reconciler makes thousands, and would never end. */
const MORTAL_CALLS = 50;
const SURVIVABLE = POSSIBLE.filter((fault) => !fault.startsWith('crash'));
const SLOW = seconds(4);
const LONGEST_FREEZE = seconds(25);

/** @param about the work that the call is about, where it is about one */
export function callService<T>(world: CallWorld, caller: Process, call: Call<T>, about?: string): Promise<T> {
  const { time, chance } = world;
  const fault = world.faults.at(call.what, caller.countCall() > MORTAL_CALLS ? SURVIVABLE : POSSIBLE, about);
  if (fault !== undefined) world.touch(about);
  world.note(about, fault === undefined ? call.what : `${call.what}: ${fault}`);
  const delay = fault === 'slow' ? chance.between(100, SLOW) : chance.between(2, 30);
  return new Promise((resolve, reject) => {
    const refuse = (why: Refusal) =>
      caller.resume(() => void Promise.resolve(why).then(call.refused).then(resolve, reject));
    if (fault === 'crash before') return caller.kill();
    if (fault === 'throttled') return void time.after(delay, () => refuse('ThrottlingException'));
    if (fault === 'not delivered') return void time.after(call.timeout, () => refuse('TimeoutError'));
    time.after(delay, () => {
      const done = Promise.resolve(call.effect());
      if (fault === 'crash after') return caller.kill();
      if (fault === 'answer lost') return void time.after(call.timeout - delay, () => refuse('TimeoutError'));
      if (fault === 'frozen') caller.freeze(chance.between(seconds(1), LONGEST_FREEZE));
      caller.resume(() => void done.then(resolve, reject));
    });
  });
}

export type { Fault };
