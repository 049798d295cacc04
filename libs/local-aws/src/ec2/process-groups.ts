import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ScriptSpec {
  /** An executable file; without a `#!` line `sh` reads it. */
  readonly script: string;
  readonly workingFolder: string;
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export interface HostProcess {
  /** When the script itself has ended; what it left in the background may live on. -1 when a signal ended it. */
  readonly exited: Promise<{ readonly exitCode: number }>;
  /** KILL to the whole process group, without TERM first. */
  kill(): void;
}

export interface ProcessGroups {
  /** @throws {Error} when the process cannot be started, e.g. because the working folder is gone */
  start(spec: ScriptSpec): Promise<HostProcess>;
  killAll(): void;
}

/** What runs on one host: every script leads a process group of its own. */
export function createProcessGroups(): ProcessGroups {
  const groups = new Set<number>();

  return {
    start(spec) {
      forgetEmpty(groups);
      return startGroup(spec, groups);
    },
    killAll() {
      for (const group of groups) signal(group, 'SIGKILL');
      groups.clear();
    },
  };
}

function startGroup(spec: ScriptSpec, groups: Set<number>): Promise<HostProcess> {
  const stdout = openSync(spec.stdoutFile, 'w');
  const stderr = openSync(spec.stderrFile, 'w');
  const child = spawn('/bin/sh', ['-c', '"$0"', spec.script], {
    cwd: spec.workingFolder,
    env: { ...spec.environment },
    detached: true,
    stdio: ['ignore', stdout, stderr],
  });
  closeSync(stdout);
  closeSync(stderr);

  const exited = new Promise<{ exitCode: number }>((resolve) => {
    child.once('exit', (code) => {
      forgetEmpty(groups);
      resolve({ exitCode: code ?? -1 });
    });
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      const group = child.pid as number;
      groups.add(group);
      resolve({ exited, kill: () => groups.has(group) && signal(group, 'SIGKILL') });
    });
  });
}

/** A group lives as long as any of its members; the number of an empty one may become another's. */
function forgetEmpty(groups: Set<number>): void {
  for (const group of groups) if (!signal(group, 0)) groups.delete(group);
}

/** Answers whether the group had members. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name);
    return true;
  } catch {
    return false;
  }
}
