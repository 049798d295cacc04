/** What runs on a local host, as Linux shows it: found by the address at which the host reaches the platform, which is its own. */
import { readdirSync, readFileSync } from 'node:fs';

export type Program = 'run' | 'supervise';

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function textOf(pid: number, file: 'cmdline' | 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // It has ended.
  }
}

/** The notifiers, or their supervisors, of the host whose line has this port. */
export function programsOf(port: number, program: Program): number[] {
  return pids().filter((pid) => {
    const words = textOf(pid, 'cmdline').split('\0');
    return words.includes(program) && words.some((word) => word.startsWith(`http://127.0.0.1:${port}/`));
  });
}

/** The pids of all that lives in an environment which names the folder; what is dead and not yet waited for has none. */
export function alive(folder: string): number[] {
  return pids().filter((pid) => pid !== process.pid && textOf(pid, 'environ').includes(folder));
}

/** To a process, or, where it is negative, to a process group. What has ended needs no signal. */
export function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended.
  }
}
