/**
 * The SSM agent of a host: runs a command's steps as scripts, each in a process group of its own, and knows what became of them.
 *
 * It reports to nobody by itself. When its host goes down it is gone too, and the run's answer is `lost`.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../ec2/host.ts';
import type { HostProcess } from '../ec2/process-groups.ts';
import type { World } from '../service.ts';
import type { Status, StepResult } from './command.ts';
import type { RenderedDocument, RenderedStep } from './render-steps.ts';

export interface AgentRun {
  readonly result: Promise<readonly StepResult[] | 'lost'>;
  /** KILLs what runs; the steps after it do not start. */
  cancel(): void;
}

export const KILLED = 137;
const NOT_STARTED = -1;
const STDOUT_CHARACTERS = 24_000;
const STDERR_CHARACTERS = 8_000;

/** `started` is called when the first script runs, or could not be started. */
export function startRun(
  world: World,
  host: Host,
  commandId: string,
  document: RenderedDocument,
  started: () => void,
): AgentRun {
  const { bootId } = host;
  const isLost = (): boolean => !host.connected || host.bootId !== bootId;
  const environment = {
    ...clientEndpoint(world),
    AWS_SSM_INSTANCE_ID: host.instanceId,
    AWS_SSM_REGION_NAME: world.region,
    AWS_SSM_PLATFORM_NAME: process.platform,
    SSM_COMMAND_ID: commandId,
    ...document.environment,
  };
  let cancelled = false;
  let running: HostProcess | undefined;

  const runStep = async (step: RenderedStep): Promise<StepResult> => {
    const files = writeScript(join(host.systemFolder, 'orchestration', commandId, step.name), step.script);
    const startedAt = world.clock.now();
    let timedOut = false;
    let exitCode: number;
    try {
      running = await host.run({ ...files, environment, workingDirectory: step.workingDirectory });
      started();
      if (cancelled) running.kill();
      const timer = world.clock.at(startedAt + step.timeoutSeconds * 1000, () => {
        timedOut = true;
        running?.kill();
      });
      ({ exitCode } = await running.exited);
      timer.cancel();
    } catch (cause) {
      writeFileSync(files.stderrFile, `failed to run commands: ${(cause as Error).message}\n`);
      exitCode = 1;
    }
    started();
    running = undefined;
    const stopped = exitCode === -1 && (cancelled || timedOut);
    const responseCode = stopped ? KILLED : exitCode;
    return {
      name: step.name,
      status: statusOf(responseCode, cancelled),
      responseCode,
      stdout: readHead(files.stdoutFile, STDOUT_CHARACTERS),
      stderr: readHead(files.stderrFile, STDERR_CHARACTERS),
      startedAt,
      endedAt: world.clock.now(),
    };
  };

  const runSteps = async (): Promise<readonly StepResult[] | 'lost'> => {
    const results: StepResult[] = [];
    let skip: 'exit' | 'successAndExit' | undefined;
    for (const step of document.steps) {
      if (isLost()) return 'lost';
      const result = cancelled || skip !== undefined ? skipped(step, cancelled) : await runStep(step);
      const failed = result.status === 'Failed' || result.status === 'TimedOut';
      if (failed) skip = step.onFailure;
      results.push(failed && skip === 'successAndExit' ? { ...result, status: 'Success' } : result);
    }
    return isLost() ? 'lost' : results;
  };

  return {
    result: runSteps(),
    cancel() {
      cancelled = true;
      running?.kill();
    },
  };
}

/** The agent tells a kill from a failure by the exit code alone: a script that itself ends with 137 reads as timed out. */
function statusOf(responseCode: number, cancelled: boolean): Status {
  if (responseCode === 0) return 'Success';
  if (responseCode !== KILLED) return 'Failed';
  return cancelled ? 'Cancelled' : 'TimedOut';
}

const skipped = ({ name }: RenderedStep, cancelled: boolean): StepResult => ({
  name,
  status: cancelled ? 'Cancelled' : 'Success',
  responseCode: NOT_STARTED,
  stdout: '',
  stderr: '',
});

/** A script's AWS client finds its way here without being told. */
function clientEndpoint(world: World): Record<string, string> {
  try {
    return { AWS_ENDPOINT_URL: world.endpoint() };
  } catch {
    return {}; // Nothing listens: there are in-process callers only.
  }
}

function writeScript(folder: string, text: string): { script: string; stdoutFile: string; stderrFile: string } {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, '_script.sh');
  writeFileSync(script, text);
  chmodSync(script, 0o700);
  return { script, stdoutFile: join(folder, 'stdout'), stderrFile: join(folder, 'stderr') };
}

function readHead(file: string, characters: number): string {
  const bytes = Buffer.alloc(characters * 4);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return [...bytes.toString('utf8', 0, length)].slice(0, characters).join('');
  } finally {
    closeSync(descriptor);
  }
}
