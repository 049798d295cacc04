/**
 * Runs one job as a child process: argv without a shell, or a script for `sh -c`. The child stays in the notifier's process group
 * (the SSM agent KILLs that group) and reads nothing from stdin. Its stdout and stderr are passed through.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Job } from '@baton/token-lib';
import { messageOf } from './exit-codes.ts';
import type { HostClock } from './host-clock.ts';
import { lastLines, type JobEnd } from './job-outcome.ts';
import { inheritedEnvironment, type JobUser } from './job-user.ts';
import type { StdoutReader } from './job-stdout.ts';
import { isErrno } from './marker-store.ts';
import { RUN_ID_VARIABLE } from './processes.ts';

const STDERR_TAIL_BYTES = 8_192;
/** How long to read on after the job has exited: a daemon that it left behind may keep its stdout open. */
const LINGER_MS = 2_000;

export interface Terminal {
  /** Resolves when written, or when nobody reads any more. */
  stdout(bytes: Buffer): Promise<void>;
  stderr(bytes: Buffer): Promise<void>;
}

export interface RunningJob {
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<JobEnd>;
}

export interface JobSetting {
  readonly runId: string;
  readonly outputFile: string;
  /** Where a job starts that names no folder; a relative one is a folder in there. */
  readonly workDirectory: string;
  readonly jobUser: JobUser;
  readonly hostEnvironment: NodeJS.ProcessEnv;
  readonly stdout: StdoutReader;
  readonly terminal: Terminal;
  readonly clock: HostClock;
}

/** What the host's environment gives a job, then the job's own, then what the job is told. */
export function jobEnvironment(
  job: Job,
  setting: Pick<JobSetting, 'runId' | 'outputFile' | 'hostEnvironment' | 'jobUser'>,
) {
  return {
    ...inheritedEnvironment(setting.hostEnvironment, setting.jobUser),
    ...job.environment,
    [RUN_ID_VARIABLE]: setting.runId,
    BATON_OUTPUT_FILE: setting.outputFile,
  };
}

/** Resolves when the child is running or could not be started. */
export async function startJob(job: Job, setting: JobSetting): Promise<RunningJob> {
  const argv = argvOf(job);
  if (argv === undefined)
    return notStarted('Baton.InvalidJob', 'The job has to have a command or a shell script, and not both.');
  const folder = resolve(setting.workDirectory, job.workingDirectory ?? '');
  if (!(await isDirectory(folder))) {
    return notStarted(
      'Baton.WorkingDirectoryNotFound',
      `The working directory ${folder} is not a directory on the host.`,
    );
  }
  const { jobUser } = setting;
  if (jobUser.kind === 'missing') {
    return notStarted(
      'Baton.UserNotFound',
      `The host has no user ${jobUser.name}, whom BATON_RUN_AS names to run jobs.`,
    );
  }
  const [file, ...rest] = argv;
  try {
    const child = spawn(file, rest, {
      cwd: folder,
      env: jobEnvironment(job, setting),
      // Without supplementary groups: libuv drops them with the user.
      ...(jobUser.kind === 'other' && { uid: jobUser.user.uid, gid: jobUser.user.gid }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    return { pid: child.pid, ended: watch(child, setting) };
  } catch (error) {
    return spawnFailed(file, error, jobUser);
  }
}

function argvOf(job: Job): [string, ...string[]] | undefined {
  if ((job.command === undefined) === (job.shell === undefined)) return undefined;
  if (job.shell !== undefined) return ['sh', '-c', job.shell];
  const [file, ...rest] = job.command ?? [];
  return file === undefined || file === '' ? undefined : [file, ...rest];
}

function spawnFailed(file: string, error: unknown, jobUser: JobUser): RunningJob {
  const why = messageOf(error);
  const by = jobUser.kind === 'other' ? ` by the user ${jobUser.user.name}` : '';
  if (isErrno(error, 'ENOENT')) {
    return notStarted(
      'Baton.CommandNotFound',
      `The command ${file}, or the interpreter that it names, was not found on the host.`,
    );
  }
  if (isErrno(error, 'EACCES')) {
    return notStarted(
      'Baton.CommandNotExecutable',
      `The command ${file} is not executable on the host${by}: chmod +x it, or name its interpreter.`,
    );
  }
  return notStarted('Baton.CommandNotStarted', `The command ${file} could not be started: ${why}`);
}

function notStarted(error: string, cause: string): RunningJob {
  return { pid: undefined, ended: Promise.resolve({ kind: 'not-started', error, cause }) };
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function watch(child: ChildProcessByStdio<null, Readable, Readable>, setting: JobSetting): Promise<JobEnd> {
  const { stdout, terminal, clock } = setting;
  let stderrTail: Buffer = Buffer.alloc(0);
  const drained = Promise.allSettled([
    drain(child.stdout, async (chunk) => terminal.stdout(stdout.push(chunk))),
    drain(child.stderr, async (chunk) => {
      stderrTail = Buffer.concat([stderrTail, chunk]).subarray(-STDERR_TAIL_BYTES - 1);
      await terminal.stderr(chunk);
    }),
  ]);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const wake = new AbortController();
  await Promise.race([drained.then(() => wake.abort()), clock.sleep(LINGER_MS, wake.signal)]);
  child.stdout.destroy();
  child.stderr.destroy();
  await terminal.stdout(stdout.end());
  const tail = lastLines(stderrTail, STDERR_TAIL_BYTES);
  return signal === null
    ? { kind: 'exited', code: code ?? 0, stderrTail: tail }
    : { kind: 'killed', signal, stderrTail: tail };
}

async function drain(stream: Readable, take: (chunk: Buffer) => Promise<void>): Promise<void> {
  for await (const chunk of stream) await take(chunk as Buffer);
}
