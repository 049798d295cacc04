/**
 * The SSM agent of a host: runs a command's steps as scripts, each in a process group of its own, and collects their results.
 *
 * It reports to nobody by itself. When its host goes down it goes too, and the result of the run is `lost`.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { World } from '../../kernel/service.ts';
import { BY_SIGNAL, type AgentHost, type HostProcess } from '../../kit/host.ts';
import type { Status, StepResult } from './command.ts';
import { downloadContent } from './download-content.ts';
import type { RenderedDocument, RenderedStep } from './render-steps.ts';

export interface AgentRun {
  readonly result: Promise<readonly StepResult[] | 'lost'>;
  /** KILLs what runs; the steps after it do not start. */
  cancel(): void;
}

export const KILLED = 137;
const NOT_STARTED = -1;
/** [documented: Systems Manager API Reference, "GetCommandInvocation"] */
const STDOUT_CHARACTERS = 24_000;
const STDERR_CHARACTERS = 8_000;

interface RunContext {
  readonly world: World;
  readonly host: AgentHost;
  readonly orchestrationFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called as soon as a script runs. */
  readonly started: () => void;
  /** The host, or the boot of it that the run belongs to, is gone. */
  readonly isLost: () => boolean;
  cancelled: boolean;
  running: HostProcess | undefined;
}

/** `started` is called as soon as a script runs. */
export function startRun(
  world: World,
  host: AgentHost,
  commandId: string,
  document: RenderedDocument,
  started: () => void,
): AgentRun {
  const { bootId } = host;
  const context: RunContext = {
    world,
    host,
    orchestrationFolder: join(host.systemFolder, 'orchestration', commandId),
    environment: {
      AWS_ENDPOINT_URL: world.endpoint(),
      AWS_SSM_INSTANCE_ID: host.instanceId,
      AWS_SSM_REGION_NAME: world.region,
      AWS_SSM_PLATFORM_NAME: process.platform,
      SSM_COMMAND_ID: commandId,
      ...document.environment,
    },
    started,
    isLost: () => !host.connected || host.bootId !== bootId,
    cancelled: false,
    running: undefined,
  };
  return {
    result: runSteps(context, document.steps),
    cancel() {
      context.cancelled = true;
      context.running?.kill();
    },
  };
}

async function runSteps(context: RunContext, steps: readonly RenderedStep[]): Promise<readonly StepResult[] | 'lost'> {
  const results: StepResult[] = [];
  let skip: 'exit' | 'successAndExit' | undefined;
  for (const step of steps) {
    const { cancelled } = context;
    const passes = cancelled || skip !== undefined || !step.applies;
    const result = passes ? skipped(step, cancelled) : await runStep(context, step);
    if (result === 'lost') return 'lost';
    const failed = result.status === 'Failed' || result.status === 'TimedOut';
    if (failed) skip = step.onFailure;
    results.push(failed && skip === 'successAndExit' ? { ...result, status: 'Success' } : result);
  }
  return results;
}

async function runStep(context: RunContext, step: RenderedStep): Promise<StepResult | 'lost'> {
  const { world, isLost } = context;
  const files = filesOf(join(context.orchestrationFolder, step.name));
  const startedAt = world.clock.now();
  const ended = (responseCode: number, stdout: string, stderr: string): StepResult => {
    const status = statusOf(responseCode, context.cancelled);
    return { name: step.name, status, responseCode, stdout, stderr, startedAt, endedAt: world.clock.now() };
  };
  try {
    if (step.kind === 'download') {
      const file = await downloadContent(world, context.host, step);
      return isLost() ? 'lost' : ended(0, `Content downloaded to ${file}\n`, '');
    }
    const responseCode = await execute(context, step, files);
    if (isLost()) return 'lost';
    const stdout = readHead(files.stdoutFile, STDOUT_CHARACTERS);
    return ended(responseCode, stdout, readHead(files.stderrFile, STDERR_CHARACTERS));
  } catch (cause) {
    return isLost()
      ? 'lost'
      : ended(
          1,
          '',
          `failed to ${step.kind === 'download' ? 'download content' : 'run commands'}: ${wordsOf(cause)}\n`,
        );
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

type ScriptStep = Extract<RenderedStep, { kind: 'script' }>;

async function execute(context: RunContext, step: ScriptStep, files: StepFiles): Promise<number> {
  const { world, host, environment, started } = context;
  writeScript(files, step.script);
  const running = await host.run({ ...files, environment, workingDirectory: step.workingDirectory });
  context.running = running;
  started();
  if (context.cancelled) running.kill();
  let timedOut = false;
  const timer = world.clock.at(world.clock.now() + step.timeoutSeconds * 1000, () => {
    timedOut = true;
    running.kill();
  });
  const { exitCode } = await running.exited;
  timer.cancel();
  context.running = undefined;
  return exitCode === BY_SIGNAL && (context.cancelled || timedOut) ? KILLED : exitCode;
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

interface StepFiles {
  readonly script: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

const filesOf = (folder: string): StepFiles => ({
  script: join(folder, '_script.sh'),
  stdoutFile: join(folder, 'stdout'),
  stderrFile: join(folder, 'stderr'),
});

function writeScript({ script }: StepFiles, text: string): void {
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, text);
  chmodSync(script, 0o700);
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
