import type { Millis } from '../../kernel/clock/clock.ts';
import type { Environment } from './environment.ts';
import type { InvokeMessage } from './runtime.ts';
import type { Outcome } from './thread.ts';

/** Beyond this many at once, invocations of one version wait for an environment. */
const MAX_ENVIRONMENTS = 32;
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
  /** Waits for a free environment, and makes one where there is none. */
  take(timeoutMillis: Millis): Promise<Environment & { readonly cold: boolean }>;
  /** Takes an environment back after use; one that is no longer usable is ended. */
  release(environment: Environment, usable: boolean): void;
  /** Ends the idle ones now and the busy ones as they finish. */
  retire(): void;
  /** Ends all of them now. */
  end(): Promise<void>;
}

export function createEnvironments(
  now: () => Millis,
  allIdle: IdleEnvironments,
  create: () => Environment,
): Environments {
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const waiting: (() => void)[] = [];
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
      while (idle.length === 0 && all.size >= MAX_ENVIRONMENTS) await new Promise<void>((go) => waiting.push(go));
      const reused = takeIdle(timeoutMillis);
      if (reused !== undefined) return Object.assign(reused, { cold: false });
      const made = create();
      all.add(made);
      return Object.assign(made, { cold: true });
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
      waiting.shift()?.();
    },
    retire() {
      retired = true;
      for (const environment of idle.splice(0)) void discard(environment);
    },
    async end() {
      retired = true;
      await Promise.all([...all].map(discard));
    },
  };
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
  }
  return within(environment.thread.invoke(message(Date.now() + timeoutMillis)), timeoutMillis);
}

async function within(outcome: Promise<Outcome>, millis: Millis): Promise<Run> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Run>((resolve) => {
    timer = setTimeout(() => resolve({ type: 'timedOut' }), millis);
  });
  try {
    return await Promise.race([outcome, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
