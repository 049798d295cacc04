/** What is known of a callback that waits, and what is said about it. */
import type { Callback } from '../lifecycle/callback.ts';
import type { Millis } from '../wire/millis.ts';

export interface Facts {
  readonly row: Callback;
  readonly now: Millis;
  /** Of work on a host. */
  readonly host?: HostFacts | undefined;
  readonly command?: CommandFacts | undefined;
  /** Of work on a queue. */
  readonly queue?: QueueFacts | undefined;
  /** Of work in a function, and of the function that takes a queue's messages. */
  readonly worker?: FunctionFacts | undefined;
  /** Of an approval, by name. */
  readonly approvers?: readonly string[] | undefined;
  /** Of an approval: addresses that no confirmed subscription would tell. */
  readonly untold?: readonly string[] | undefined;
  /** The state of the execution, in Step Functions' word. */
  readonly execution?: string | undefined;
  /** The platform's functions that do not run: by name, with why. */
  readonly stopped?: readonly { readonly name: string; readonly why: string }[] | undefined;
  /** What Step Functions last answered when it was told: the error's name. */
  readonly told?: { readonly answer: string; readonly error: string } | undefined;
  /** A report for this callback that the HTTP API refused lately: why. */
  readonly refused?: string | undefined;
}

export interface HostFacts {
  /** EC2's word; undefined where EC2 does not know the host. */
  readonly state: string | undefined;
  /** SSM's word for its agent: `Online`, `ConnectionLost`; undefined where SSM does not know it. */
  readonly agent: string | undefined;
}

export interface CommandFacts {
  readonly status: string;
  readonly details: string;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
}

export interface QueueFacts {
  readonly name: string;
  readonly exists: boolean;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** In its dead-letter queue. */
  readonly dead: number;
  /** Whether an event source mapping takes its messages: its state. */
  readonly mapping?: string | undefined;
}

export interface FunctionFacts {
  readonly name: string;
  readonly exists: boolean;
  /** Lambda's word, e.g. `Active`. */
  readonly state: string;
  /** 0: it may not run at all. */
  readonly reservedConcurrency?: number | undefined;
}

export interface Diagnosis {
  /** Why it waits, e.g. `no claim for 40 s`. */
  readonly sentence: string;
  /** A name for scripts and tests. */
  readonly cause: string;
  /** What to do about it; absent where nothing has to be done. */
  readonly remedy?: string | undefined;
  readonly tone: 'calm' | 'watch' | 'trouble';
}

/** `42 s`, `3 min`, `2 h 14 min`, `3 d`. */
export function sayDuration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds / 1000));
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d`;
}

export const calm = (cause: string, sentence: string): Diagnosis => ({ cause, sentence, tone: 'calm' });
export const watch = (cause: string, sentence: string, remedy?: string): Diagnosis => ({
  cause,
  sentence,
  remedy,
  tone: 'watch',
});
export const trouble = (cause: string, sentence: string, remedy: string): Diagnosis => ({
  cause,
  sentence,
  remedy,
  tone: 'trouble',
});
