import type { Millis } from '@baton/token-lib';
import type { VirtualTime } from './virtual-time.ts';

/**
 * What runs, step by step, until it ends or is killed: an invocation of a function, a program on a host. Of what is dead no
 * line runs any more, not even that of a `finally`.
 */
export interface Process {
  lives(): boolean;
  /** How many calls it has made, this one included. */
  countCall(): number;
  kill(): void;
  /** It has come to its end by itself. */
  end(): void;
  freeze(duration: Millis): void;
  /** Goes on with `act`: never where it is dead, and later where it is frozen. */
  resume(act: () => void): void;
  pause(duration: Millis): Promise<void>;
}

/** @param onDeath called once when it is killed, and not when it ends */
export function startProcess(time: VirtualTime, onDeath: () => void = () => undefined): Process {
  let state: 'lives' | 'dead' | 'ended' = 'lives';
  let frozenUntil: Millis = 0;
  let calls = 0;
  const process: Process = {
    lives: () => state === 'lives',
    countCall: () => (calls += 1),
    kill() {
      if (state !== 'lives') return;
      state = 'dead';
      onDeath();
    },
    end: () => void (state = state === 'lives' ? 'ended' : state),
    freeze: (duration) => void (frozenUntil = Math.max(frozenUntil, time.now() + duration)),
    resume(act) {
      if (state === 'dead') return;
      if (time.now() < frozenUntil) time.after(frozenUntil - time.now(), () => process.resume(act));
      else act();
    },
    pause: (duration) => new Promise((resolve) => time.after(duration, () => process.resume(resolve))),
  };
  return process;
}
