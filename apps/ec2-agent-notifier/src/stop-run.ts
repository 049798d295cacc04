import { processesOfRun, type Processes } from './processes.ts';
import type { Clock } from './world.ts';

const LOOK_AGAIN_MS = 50;
/** A process that survives KILL sits in the kernel (a hung disk); waiting longer for it helps nobody. */
const KILL_PATIENCE_MS = 5_000;

/**
 * TERM to every process of a run, `graceSeconds`, then KILL to what is left. Not by process group: the job shares the notifier's,
 * so that the SSM agent's own KILL reaches both. Resolves when all are gone.
 */
export async function stopRun(
  run: { readonly runId: string; readonly rootPid?: number | undefined },
  graceSeconds: number,
  { clock, processes }: { clock: Clock; processes: Processes },
): Promise<void> {
  const termed = new Set<number>();
  const killFromMs = clock.monotonicMs() + graceSeconds * 1000;
  for (;;) {
    const living = processesOfRun(await processes.list(), run.runId, run.rootPid);
    const nowMs = clock.monotonicMs();
    if (living.length === 0 || nowMs > killFromMs + KILL_PATIENCE_MS) return;
    for (const pid of living) {
      if (nowMs >= killFromMs) processes.signal(pid, 'SIGKILL');
      else if (!termed.has(pid)) processes.signal(pid, 'SIGTERM');
      termed.add(pid);
    }
    await clock.sleep(LOOK_AGAIN_MS);
  }
}
