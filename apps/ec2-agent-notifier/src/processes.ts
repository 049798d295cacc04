/** The host's processes as Linux shows them under /proc. */
import { readdir, readFile } from 'node:fs/promises';
import type { HostClock } from './host-clock.ts';

/** In the environment of a job and of all that it starts: finds them again, whoever their parent is by then. */
export const RUN_ID_VARIABLE = 'BATON_RUN_ID';

export interface HostProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Clock ticks since boot. */
  readonly start: string;
  /** Dead, and not yet waited for. */
  readonly zombie: boolean;
  readonly runId: string | undefined;
}

export interface Processes {
  list(): Promise<HostProcess[]>;
  /** Undefined when there is no such process. */
  startOf(pid: number): Promise<string | undefined>;
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Source: proc(5), /proc/pid/stat. The name, in parentheses, may hold anything, so fields are counted from its end. */
export function parseStat(text: string): Omit<HostProcess, 'pid' | 'runId'> {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { zombie: fields[0] === 'Z' || fields[0] === 'X', parentPid: Number(fields[1]), start: fields[19] ?? '' };
}

/** What is known of a run's processes. */
export interface RunProcesses {
  readonly runId: string;
  readonly rootPid?: number | undefined;
  /** When the notifier of the run started, in clock ticks since boot: an older process is not its job's. */
  readonly notBefore?: string;
}

/** The living processes of a run: those that carry its id, the root, and all their descendants. */
export function processesOfRun(
  all: readonly HostProcess[],
  { runId, rootPid, notBefore = '0' }: RunProcesses,
): number[] {
  const isOfRun = ({ pid, runId: carried, start }: HostProcess): boolean =>
    (carried === runId || pid === rootPid) && Number(start) >= Number(notBefore);
  const found = new Set(all.filter(isOfRun).map(({ pid }) => pid));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { pid, parentPid } of all) if (found.has(parentPid)) found.add(pid);
  }
  return all.filter(({ pid, zombie }) => found.has(pid) && !zombie).map(({ pid }) => pid);
}

export const linuxProcesses: Processes = {
  async list() {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const all = await Promise.all(pids.map((pid) => readProcess(pid)));
    return all.filter((process) => process !== undefined);
  },
  async startOf(pid) {
    const found = await readProcess(pid);
    return found === undefined || found.zombie ? undefined : found.start;
  },
  signal(pid, signal) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has already ended.
    }
  },
};

async function readProcess(pid: number): Promise<HostProcess | undefined> {
  try {
    const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    // Another user's environment cannot be read. Such a process is not one of our jobs, or a parent of it is.
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    const entry = environment.split('\0').find((text) => text.startsWith(`${RUN_ID_VARIABLE}=`));
    return { pid, ...stat, runId: entry?.slice(RUN_ID_VARIABLE.length + 1) };
  } catch {
    return undefined;
  }
}

const LOOK_AGAIN_MS = 50;
/** A process that survives KILL hangs in the kernel, e.g. on a disk; waiting longer does not help. */
const KILL_PATIENCE_MS = 5_000;

/**
 * Sends TERM to every process of a run and, after `graceSeconds`, KILL to those that are left. Not by process group: the job
 * shares the notifier's, so that the SSM agent's KILL reaches both. Resolves when all have ended.
 */
export async function stopRun(
  run: RunProcesses,
  graceSeconds: number,
  { clock, processes }: { clock: HostClock; processes: Processes },
): Promise<void> {
  const termed = new Set<number>();
  const killFromMs = clock.monotonicMs() + graceSeconds * 1000;
  for (;;) {
    const living = processesOfRun(await processes.list(), run);
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
