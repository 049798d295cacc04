import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
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
  /** Resolves when the scripts have ended. */
  killAll(): Promise<void>;
}

/** What runs on one host: every script leads a process group of its own. */
export function createProcessGroups(): ProcessGroups {
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
      return { exited, kill: () => void (groups.has(group) && signal(group, 'SIGKILL')) };
    },
    async killAll() {
      for (const group of groups) signal(group, 'SIGKILL');
      groups.clear();
      await Promise.all(running);
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
  for (const group of groups) if (!signal(group, 0)) groups.delete(group);
}

/** Returns whether the group had members. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name);
    return true;
  } catch {
    return false;
  }
}
