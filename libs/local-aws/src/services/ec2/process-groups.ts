import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { BY_SIGNAL, type HostProcess } from '../../kit/host.ts';

export interface ScriptSpec {
  /** An executable file; without a `#!` line `sh` reads it. */
  readonly script: string;
  readonly workingFolder: string;
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export interface ProcessGroups {
  /** @throws {Error} when the process cannot be started, e.g. because the working folder is gone */
  start(spec: ScriptSpec): Promise<HostProcess>;
  /** Kills the scripts and all that they have started. Resolves when the scripts have ended. */
  killAll(): Promise<void>;
}

/**
 * What runs on one host: every script leads a process group of its own. What has left its group, as a daemon does, is known by `home`,
 * the host's own HOME.
 */
export function createProcessGroups(home: string): ProcessGroups {
  const groups = new Set<number>();
  const running = new Set<Promise<unknown>>();

  return {
    async start(spec) {
      forgetEmpty(groups);
      const child = spawnScript(spec);
      const group = child.pid;
      if (group === undefined) return new Promise((_, reject) => child.once('error', reject));
      groups.add(group);
      const exited = new Promise<{ exitCode: number }>((resolve) => {
        child.once('exit', (code) => {
          running.delete(exited);
          resolve({ exitCode: code ?? BY_SIGNAL });
        });
      });
      running.add(exited);
      return { exited, kill: () => void (groups.has(group) && signal(-group, 'SIGKILL')) };
    },
    async killAll() {
      for (const group of groups) signal(-group, 'SIGKILL');
      groups.clear();
      killStrays(home);
      await Promise.all(running);
      // What was being started meanwhile.
      killStrays(home);
    },
  };
}

function spawnScript({ script, workingFolder, environment, stdoutFile, stderrFile }: ScriptSpec): ChildProcess {
  const stdout = openSync(stdoutFile, 'w');
  const stderr = openSync(stderrFile, 'w');
  try {
    return spawn('/bin/sh', ['-c', 'exec "$0"', script], {
      cwd: workingFolder,
      env: { ...environment },
      detached: true,
      stdio: ['ignore', stdout, stderr],
    });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** A group lives as long as any of its members; the number of an empty one may be given to another. */
function forgetEmpty(groups: Set<number>): void {
  for (const group of groups) if (!signal(-group, 0)) groups.delete(group);
}

/**
 * Source: proc(5), /proc/PID/environ, which Linux alone has: on another system, what has left its script's group lives on. A process that
 * has also dropped its environment is found as a child of one that has not.
 */
function killStrays(home: string): void {
  const all = listed();
  const found = new Set(all.filter(({ environment }) => environment.includes(`HOME=${home}`)).map(({ pid }) => pid));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  for (const pid of found) signal(pid, 'SIGKILL');
}

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly environment: readonly string[];
}

function listed(): Listed[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // The name of a program, in parentheses, may hold anything. The fields after it begin with the state and the parent.
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /s, '');
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      return [{ pid: Number(name), parent: Number(stat.split(' ')[1]), environment }];
    } catch {
      return []; // It has ended, or is another user's.
    }
  });
}

/** `target` is a process, or, negative, a group. Returns whether there was one. */
function signal(target: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, name);
    return true;
  } catch {
    return false;
  }
}
