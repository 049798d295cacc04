/**
 * Runs a workflow in a test: the engine, Baton and the workers in this process, on a clock that the test moves. Nothing is listened on or asked over a
 * network, and no two workflows share anything, so tests run side by side.
 */
import { AwsError, createLocalAws, type LocalAws, type ManualClock } from '@baton/local-aws';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLACE, readDefinition, type Variables, type WorkflowSource } from './definition.ts';
import { type Duration, milliseconds } from './duration.ts';
import { createFaults, type Faults } from './faults.ts';
import { createHosts, hostHandle, type HostHandle } from './hosts.ts';
import { createPlatform, type Platform } from './platform.ts';
import { type Run, watchRun, type WatchedRun } from './run.ts';
import { createServiceCalls, type Mock, type ServiceCall } from './service-calls.ts';
import type { Wait } from './waits.ts';
import type { TestWorker } from './workers.ts';

export interface BatonOptions {
  /** The file of the definition, from the working directory; its URL; or the definition itself. */
  readonly workflow: WorkflowSource;
  /** Who does the work, by the name of the queue, function or program, or of the state. */
  readonly workers?: Readonly<Record<string, TestWorker>>;
  /** What stands in for other services, by the name of the state, or of the action, e.g. `dynamodb:getItem`. */
  readonly mocks?: Readonly<Record<string, Mock>>;
  /** What the definition's placeholders stand for, beside those that its folder says. */
  readonly variables?: Variables;
}

export interface Baton {
  /** Starts an execution. */
  start(input?: unknown, options?: { readonly name?: string }): Promise<Run>;
  /** Lets time pass: timers fire in their order, and what follows from each is done before the next. */
  advance(duration: Duration): Promise<void>;
  /** The test's time. */
  now(): Date;
  /** A host, by its instance id or by any name that the work calls it. */
  host(name: string): HostHandle;
  readonly faults: Faults;
  /** What tasks have called, in order. */
  readonly calls: readonly ServiceCall[];
  /** Ends what still runs. A test need not: nothing keeps its process alive. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @throws {Error} where the definition cannot be read, or Step Functions would not take it */
export async function startBaton({ workflow, workers = {}, mocks = {}, variables = {} }: BatonOptions): Promise<Baton> {
  const definition = readDefinition(workflow, variables);
  const hosts = createHosts();
  const faults = createFaults();
  const waits: Wait[] = [];
  const calls: ServiceCall[] = [];
  const runs: WatchedRun[] = [];
  const problems: string[] = [];
  const aws: LocalAws<ManualClock> = createLocalAws({
    clock: 'manual',
    iam: 'off',
    ...PLACE,
    // Nothing is written there: functions and hosts are the test's.
    folder: join(tmpdir(), 'baton-testing'),
    standIn: createServiceCalls({
      aws: () => aws,
      platform: () => platform,
      hosts,
      workers,
      mocks,
      calls,
      waits,
      problem: (sentence) => problems.push(sentence),
    }),
    steps: { fault: (call, act) => faults.pass(call.action, act) },
  });
  const platform: Platform = createPlatform({ aws, hosts });
  observeEnds(aws, platform);
  const throwProblem = (): void => {
    const problem = problems.shift();
    if (problem !== undefined) throw new Error(problem);
  };
  const stateMachineArn = await createMachine(aws, definition);
  const close = async (): Promise<void> => {
    for (const { running } of waits) running?.abandon();
    await aws.close();
  };
  return {
    async start(input = {}, { name } = {}) {
      const start = { stateMachineArn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
      const { executionArn } = await aws.call('states:StartExecution', start);
      const run = watchRun({ aws, platform, waits, throwProblem }, String(executionArn));
      runs.push(run);
      await run.look();
      return run;
    },
    async advance(duration) {
      await aws.clock.advance(milliseconds(duration));
      for (const run of runs) await run.look();
      throwProblem();
    },
    now: () => new Date(aws.clock.now()),
    host: (name) => hostHandle(hosts.of(name), (host) => aws.activity.track(platform.hostIsGone(host))),
    faults,
    calls,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Closes the callbacks of executions that have ended, as the completer does when EventBridge tells it. */
function observeEnds(aws: LocalAws, platform: Platform): void {
  aws.observe({
    event({ source, detail }) {
      const { status, executionArn } = detail;
      if (source !== 'aws.states' || status === 'RUNNING' || typeof executionArn !== 'string') return;
      void aws.activity.track(platform.executionEnded(executionArn));
    },
  });
}

async function createMachine(
  aws: LocalAws,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<string> {
  const roleArn = `arn:aws:iam::${PLACE.accountId}:role/testing`;
  try {
    const machine = await aws.call('states:CreateStateMachine', {
      name: name.replaceAll(/[^\w-]/g, '-'),
      definition: text,
      roleArn,
    });
    return String(machine['stateMachineArn']);
  } catch (error) {
    if (error instanceof AwsError)
      throw new Error(`Step Functions would not take the definition: ${error.message}`, { cause: error });
    throw error;
  }
}
