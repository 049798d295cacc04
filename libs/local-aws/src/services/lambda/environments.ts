import { performance } from 'node:perf_hooks';
import { setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { Environment } from './environment.ts';
import type { InvokeMessage } from './runtime.ts';
import type { Outcome } from './thread.ts';

/** Beyond this many at once, invocations of one version wait for an environment. */
const MAX_ENVIRONMENTS = 32;
/** So many are made without a look; for more, those that wait have to show that it is worth it. */
const AT_ONCE = 2;
/** Loading code takes a core for a tenth of a second or more, so so many of a version load at a time. */
const MAX_LOADING = 4;
const LOOK_MILLIS = 100;
/** The share of a look in which this thread had work, beyond which it is what everything waits for. */
const BUSY = 0.8;
/** A line that those at work are through with in so many looks needs nobody else. */
const LOOKS_TO_WAIT = 10;
/** More than this many idle ones, of all functions together, are not kept. */
const MAX_IDLE = 16;
/** The code has ten seconds to load before it counts. [documented: Lambda Developer Guide, "Lambda execution environment lifecycle"] */
const INIT_MILLIS = 10_000;

export type Run = Outcome | { readonly type: 'timedOut' };

/** The idle environments of all functions: each takes memory, so the one that has been idle longest makes room for a new one. */
export interface IdleEnvironments {
  /** `drop` ends the environment and makes its owner forget it. */
  add(environment: Environment, drop: () => void): void;
  remove(environment: Environment): void;
}

export function createIdleEnvironments(max = MAX_IDLE): IdleEnvironments {
  const drops = new Map<Environment, () => void>();
  return {
    add(environment, drop) {
      drops.set(environment, drop);
      const [longestIdle] = drops;
      if (drops.size <= max || longestIdle === undefined) return;
      const [oldest, dropOldest] = longestIdle;
      drops.delete(oldest);
      dropOldest();
    },
    remove: (environment) => drops.delete(environment),
  };
}

/** The environments of one version of a function: reused when idle, one invocation at a time each. */
export interface Environments {
  /**
   * Waits for a free environment. One is made where there are few, or where those that there are do not get through with the line:
   * AWS makes one for each invocation that finds none free, but has more than this machine's cores to load them.
   */
  take(timeoutMillis: Millis): Promise<Environment & { readonly cold: boolean }>;
  /** Takes an environment back after use; one that is no longer usable is ended. */
  release(environment: Environment, usable: boolean): void;
  /** Ends the idle ones now and the busy ones as they finish. */
  retire(): void;
  /** Ends those that are at work, as if their machines had died. @returns how many */
  crash(): Promise<number>;
  /** Ends all of them now. */
  end(): Promise<void>;
}

export function createEnvironments(
  now: () => Millis,
  allIdle: IdleEnvironments,
  create: () => Environment,
  pause: Pause = pauseAndLook,
): Environments {
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const line = createLine(all, pause);
  let retired = false;

  const discard = async (environment: Environment): Promise<void> => {
    all.delete(environment);
    allIdle.remove(environment);
    await environment.thread.end();
  };
  const takeIdle = (timeoutMillis: Millis): Environment | undefined => {
    for (let found = idle.pop(); found; found = idle.pop()) {
      allIdle.remove(found);
      if (found.goodUntil > now() + timeoutMillis) return found;
      void discard(found);
    }
    return undefined;
  };

  return {
    async take(timeoutMillis) {
      for (let hasTurn = line.isEmpty(); ; hasTurn = true) {
        const reused = hasTurn ? takeIdle(timeoutMillis) : undefined;
        if (reused !== undefined) return Object.assign(reused, { cold: false });
        if (hasTurn && line.mayMake()) {
          const made = create();
          all.add(made);
          return Object.assign(made, { cold: true });
        }
        await line.wait();
      }
    },
    release(environment, usable) {
      if (!usable || retired) void discard(environment);
      else {
        idle.push(environment);
        allIdle.add(environment, () => {
          idle.splice(idle.indexOf(environment), 1);
          void discard(environment);
        });
      }
      line.next();
    },
    retire() {
      retired = true;
      for (const each of idle.splice(0)) void discard(each);
    },
    crash: () => crash([...all].filter((environment) => !idle.includes(environment))),
    async end() {
      retired = true;
      await Promise.all([...all].map(discard));
    },
  };
}

async function crash(environments: readonly Environment[]): Promise<number> {
  await Promise.all(environments.map(({ thread }) => thread.end()));
  return environments.length;
}

/** Invocations that wait for an environment, in the order in which they came. */
interface Line {
  isEmpty(): boolean;
  /** Resolves when an environment is free, or another one may be made. */
  wait(): Promise<void>;
  /** Whether whoever asks may have a new environment. */
  mayMake(): boolean;
  /** An environment has been released: who waits longest has its turn. */
  next(): void;
}

/** Resolves, after so long, with whether this process was busy all the time. */
type Pause = (millis: Millis) => Promise<boolean>;

async function pauseAndLook(millis: Millis): Promise<boolean> {
  const before = performance.eventLoopUtilization();
  await setTimeout(millis);
  return performance.eventLoopUtilization(before).utilization > BUSY;
}

/**
 * Looks at a line while there is one: more environments are made where those at work do not get through with it. Their calls all go
 * through the one thread that AWS is here: while it is busy, more of them would only take the cores from each other.
 */
function createLine(all: ReadonlySet<Environment>, pause: Pause): Line {
  const waiting: (() => void)[] = [];
  /** Those that were released since the last look, and how many of those that wait may have a new one. */
  let released = 0;
  let grants = 0;
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    while (waiting.length > 0) {
      released = 0;
      const busy = await pause(LOOK_MILLIS);
      const loading = [...all].filter(({ loaded }) => !loaded).length;
      grants = grantsFor({ waiting: waiting.length, released, loading, busy });
      for (const go of waiting.splice(0, grants)) go();
    }
    looking = false;
  };

  return {
    isEmpty: () => waiting.length === 0,
    async wait() {
      const turn = new Promise<void>((go) => waiting.push(go));
      void look();
      await turn;
    },
    mayMake() {
      if (all.size >= MAX_ENVIRONMENTS) return false;
      if (all.size < AT_ONCE) return true;
      if (grants === 0) return false;
      grants -= 1;
      return true;
    },
    next() {
      released += 1;
      waiting.shift()?.();
    },
  };
}

interface Look {
  readonly waiting: number;
  /** Since the look before. */
  readonly released: number;
  readonly loading: number;
  readonly busy: boolean;
}

/** How many of those that wait may have a new environment. */
function grantsFor({ waiting, released, loading, busy }: Look): number {
  if (busy) return released === 0 && loading === 0 ? 1 : 0;
  if (released === 0) return Math.max(0, MAX_LOADING - loading);
  return waiting > released * LOOKS_TO_WAIT && loading < MAX_LOADING ? 1 : 0;
}

/** Runs an invocation. Its timeout counts by the machine's time, which the code runs in, whatever the platform's clock does. */
export async function runIn(
  environment: Environment & { readonly cold: boolean },
  message: (deadline: Millis) => InvokeMessage,
  timeoutMillis: Millis,
): Promise<Run> {
  if (environment.cold) {
    const started = await within(environment.thread.start(), INIT_MILLIS + timeoutMillis);
    if (started.type !== 'result') return started;
    environment.loaded = true;
  }
  return within(environment.thread.invoke(message(Date.now() + timeoutMillis)), timeoutMillis);
}

async function within(outcome: Promise<Outcome>, millis: Millis): Promise<Run> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Run>((resolve) => {
    timer = startTimer(() => resolve({ type: 'timedOut' }), millis);
  });
  try {
    return await Promise.race([outcome, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
