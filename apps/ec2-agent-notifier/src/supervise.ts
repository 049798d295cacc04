/**
 * The program as supervisor of one job: stops it when the lifeline closes (the notifier was killed) or when its time is over (the
 * notifier is frozen, or Baton out of its reach and the notifier not able to act). See lifeline.ts. Once the job of a notifier that was
 * killed is over, main.ts goes on with `recoverDead`, which sends the report.
 */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { HostClock } from './host-clock.ts';
import { Orders } from './lifeline.ts';
import { type Processes, stopRun } from './processes.ts';

/** When the job has to be stopped, and how long it has from TERM to KILL; undefined while it may go on. */
export function dueStop(orders: Orders, closed: boolean, nowMs: number): { readonly graceMs: number } | undefined {
  if (orders.jobEnded === true || (!closed && nowMs < orders.termAtMs)) return undefined;
  return { graceMs: Math.max(0, Math.min(nowMs + orders.graceMs, orders.killAtMs) - nowMs) };
}

/** Resolves when the notifier is gone and its job is over. A notifier that ends in good order kills its supervisor before. */
export async function supervise(
  lifeline: Readable,
  world: { readonly clock: HostClock; readonly processes: Processes },
): Promise<void> {
  let orders: Orders | undefined;
  let closed = false;
  let stopped = false;
  let wake = new AbortController();
  const lines = createInterface({ input: lifeline });
  lines.on('line', (line) => {
    orders = Orders.parse(JSON.parse(line));
    wake.abort();
  });
  lines.on('close', () => {
    closed = true;
    wake.abort();
  });
  for (;;) {
    wake = new AbortController();
    const nowMs = world.clock.monotonicMs();
    // The first line comes before the job starts.
    const stop = orders && !stopped ? dueStop(orders, closed, nowMs) : undefined;
    if (orders !== undefined && stop !== undefined) {
      await stopRun(orders, stop.graceMs / 1000, world);
      stopped = true;
      continue;
    }
    if (closed) return;
    const stopAtMs = orders === undefined || stopped || orders.jobEnded === true ? Infinity : orders.termAtMs;
    await world.clock.sleep(stopAtMs - nowMs, wake.signal);
  }
}

/** Lives through what is meant for others: signals to a group or by name, and a host without memory. */
export async function surviveOthers(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // Source: proc(5). Takes root, or CAP_SYS_RESOURCE; without it the kernel may choose this process as any other.
  await writeFile('/proc/self/oom_score_adj', '-1000').catch(() => undefined);
}
