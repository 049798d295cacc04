/**
 * A job on a host and its supervisor, which is a process of its own: it stops the job when the notifier has died, or when no word of
 * it came for the time that Baton counts with (L7).
 */
import type { Millis } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import type { Timer, VirtualTime } from './virtual-time.ts';

export interface Job {
  /** Resolves with whether it has come to its own end. */
  readonly ended: Promise<boolean>;
  runs(): boolean;
  /** TERM, and KILL after the grace. */
  stop(grace: Millis): void;
  kill(): void;
  /** The notifier was answered a request that it had sent then. */
  contact(at: Millis): void;
  /** Its notifier is dead. */
  orphaned(): void;
}

export interface JobTerms {
  readonly takes: Millis;
  readonly silence: Millis;
  readonly grace: Millis;
  readonly contactAt: Millis;
  /** Called once, when no process of it is left. */
  readonly over: (byItself: boolean) => void;
}

/** The notifier stops the job itself, if it can. */
const HEAD_START: Millis = 1_000;

export function startJob(time: VirtualTime, chance: Chance, terms: JobTerms): Job {
  const { takes, silence, grace } = terms;
  let state: 'runs' | 'ended' = 'runs';
  let killAt = Infinity;
  let supervisor: Timer | undefined;
  const ended = Promise.withResolvers<boolean>();

  function end(byItself: boolean): void {
    if (state === 'ended') return;
    state = 'ended';
    supervisor?.cancel();
    own.cancel();
    terms.over(byItself);
    ended.resolve(byItself);
  }
  const own = time.after(takes, () => end(true));

  /** Some jobs end when they are asked to, some have to be killed. */
  function stop(by: Millis): void {
    killAt = Math.min(killAt, by);
    const left = Math.max(0, killAt - time.now());
    time.after(chance.happens(0.5) ? left : chance.between(0, left), () => end(false));
  }

  function contact(at: Millis): void {
    if (state === 'ended') return;
    supervisor?.cancel();
    const silentAt = at + silence;
    killAt = silentAt + grace;
    supervisor = time.after(silentAt + HEAD_START - time.now(), () => stop(killAt));
  }
  contact(terms.contactAt);

  return {
    ended: ended.promise,
    runs: () => state === 'runs',
    stop: (given) => stop(time.now() + given),
    kill: () => end(false),
    contact,
    orphaned: () => stop(time.now() + grace),
  };
}
