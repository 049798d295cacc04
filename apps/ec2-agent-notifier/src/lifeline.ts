/**
 * The notifier's side of its supervisor: a process in a session of its own that stops the job when the notifier no longer can (L7), and
 * sends the report of a notifier that has died.
 * Both are connected by a pipe, the lifeline. It closes with the notifier, however that ends; and a line in it says until when the job
 * may go on, so a notifier that is frozen or cut off says nothing and the time runs out.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod/mini';
import type { HostClock } from './host-clock.ts';
import type { HostLog } from './world.ts';

/**
 * A line of the lifeline: JSON, everything that the supervisor knows. Times are CLOCK_MONOTONIC, which all processes of a host share
 * and which nobody sets.
 */
export const Orders = z.object({
  runId: z.string(),
  rootPid: z.optional(z.number()),
  /** When the job gets TERM, unless a newer line comes. */
  termAtMs: z.number(),
  /** When what is left of the job gets KILL. */
  killAtMs: z.number(),
  /** Between TERM and KILL after the notifier's death. */
  graceMs: z.number(),
  /** The job is over: what it has left running is left alone. */
  jobEnded: z.optional(z.boolean()),
});
export type Orders = z.infer<typeof Orders>;

/** A notifier that lives stops the job itself and reports why. The supervisor waits so much longer, so that the job gets one TERM. */
const MAX_HEAD_START_MS = 1_000;
const START_AGAIN_MS = 1_000;

export interface Lifeline {
  /** Baton has answered a request that was sent at `contactMs`. */
  contact(contactMs: number): void;
  started(rootPid: number | undefined): void;
  /** The notifier stops the job itself from now on; the supervisor makes sure that it ends in time. */
  stopping(): void;
  /** Whether the supervisor's time has come: the notifier was frozen, and the job was stopped meanwhile. */
  cut(): boolean;
  /** The job is over. What it has left running is left alone; the supervisor stays for the report. */
  jobEnded(): void;
  /** The report is answered, or kept for `recover`: nothing is left to supervise. */
  end(): void;
}

export interface LifelineWorld {
  readonly clock: HostClock;
  readonly log: HostLog;
  /** Starts this program as supervisor, its stdin a pipe. */
  readonly startSupervisor: () => ChildProcess;
}

export interface LifelineLimits {
  readonly runId: string;
  readonly silenceMs: number;
  readonly graceMs: number;
}

/** @throws when the supervisor cannot be started: then the job must not start either */
export async function openLifeline(
  { runId, silenceMs, graceMs }: LifelineLimits,
  contactMs: number,
  world: LifelineWorld,
): Promise<Lifeline> {
  const { clock, log } = world;
  const headStartMs = Math.min(MAX_HEAD_START_MS, graceMs / 10);
  const until = (silentAtMs: number) => ({ termAtMs: silentAtMs + headStartMs, killAtMs: silentAtMs + graceMs });
  let orders: Orders = { runId, graceMs, ...until(contactMs + silenceMs) };
  let over = false;
  const cut = () => clock.monotonicMs() >= orders.termAtMs;
  let supervisor = start();
  await once(supervisor, 'spawn');

  function start(): ChildProcess {
    const child = world.startSupervisor();
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => log(`the supervisor: ${error.message}`));
    child.on('exit', () => void startAgain());
    child.stdin?.write(`${JSON.stringify(orders)}\n`);
    return child;
  }

  async function startAgain(): Promise<void> {
    if (over) return;
    log('the supervisor has ended and is started again');
    await clock.sleep(START_AGAIN_MS);
    if (!over) supervisor = start();
  }

  function tell(change: Partial<Orders>): void {
    orders = { ...orders, ...change };
    supervisor.stdin?.write(`${JSON.stringify(orders)}\n`);
  }

  return {
    contact: (lastMs) => tell(until(lastMs + silenceMs)),
    started: (rootPid) => tell({ rootPid }),
    stopping() {
      const killAtMs = Math.min(orders.killAtMs, clock.monotonicMs() + graceMs);
      tell({ termAtMs: killAtMs, killAtMs });
    },
    cut,
    jobEnded: () => tell({ jobEnded: true }),
    end() {
      over = true;
      supervisor.kill('SIGKILL');
    },
  };
}
