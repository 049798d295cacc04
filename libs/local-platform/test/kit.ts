/**
 * A platform for one test: the built bundles on the local AWS, one host in a folder of its own, and the AWS SDK as any client
 * has it. Waiting is for events, never for a length of time.
 */
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { createLocalAws, type LocalAws, type ManualClock } from '@baton/local-aws';
import { existsSync, mkdtempSync, rmSync, watch as watchFolder, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deployPlatform,
  deployWorkflow,
  doorRequest,
  launchHost,
  readWorkflow,
  type Deployment,
  type DoorRequest,
} from '../src/index.ts';
import { watch, type Watch } from '../src/testing/index.ts';

export const instanceId = 'i-0ba70000000000001';
const example = new URL('../../../examples/ec2-job', import.meta.url).pathname;

export interface PlatformOptions {
  readonly heartbeatSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly credentialSeconds?: number;
  readonly clock?: 'real' | 'manual';
}

export interface TestPlatform extends Watch {
  readonly aws: LocalAws;
  readonly url: string;
  readonly deployment: Deployment;
  readonly sfn: SFNClient;
  readonly hostFolder: string;
  /** Moves a manual clock on. */
  advance(milliseconds: number): Promise<void>;
  /** Puts an executable into the host's folder. */
  script(name: string, text: string): void;
  start(command: readonly string[], more?: Record<string, unknown>): Promise<string>;
  /** The next request at the completer's HTTP door, or one that has passed already, that fits. */
  asked(verb: string, fits?: (request: DoorRequest) => boolean): Promise<DoorRequest>;
  /** Resolves when a job has made this file in the host's folder. */
  appeared(name: string): Promise<void>;
  /** Resolves with the description of the ended execution. */
  ended(executionArn: string): Promise<Ended>;
  history(executionArn: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface Ended {
  readonly status: string | undefined;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

export async function startPlatform(options: PlatformOptions = {}): Promise<TestPlatform> {
  const aws: LocalAws = options.clock === 'manual' ? createLocalAws({ clock: 'manual' }) : createLocalAws();
  const hostFolder = mkdtempSync(join(tmpdir(), 'host-'));
  const seen = watch(aws);
  const url = await aws.listen();
  const deployment = await deployPlatform(aws);
  const { credentialSeconds } = options;
  await launchHost(aws, {
    endpoint: deployment.endpoint,
    instanceId,
    folder: hostFolder,
    ...(credentialSeconds && { credentialSeconds }),
  });
  const workflow = readWorkflow(example);
  const stateMachineArn = await deployWorkflow(aws, deployment, {
    ...workflow,
    variables: {
      timeout_seconds: options.timeoutSeconds ?? 60,
      heartbeat_seconds: options.heartbeatSeconds ?? 20,
    },
  });
  const sfn = new SFNClient({
    endpoint: url,
    region: aws.world.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  return {
    aws,
    url,
    deployment,
    sfn,
    hostFolder,
    ...seen,
    asked: (verb, fits = () => true) =>
      seen.when(() => seen.calls.map(doorRequest).find((request) => request?.verb === verb && fits(request))),
    advance: (milliseconds) => (aws.clock as ManualClock).advance(milliseconds),
    script(name, text) {
      writeFileSync(join(hostFolder, name), text, { mode: 0o755 });
    },
    appeared: (name) => appeared(hostFolder, name),
    async start(command, more = {}) {
      const input = JSON.stringify({ instanceId, command, ...more });
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
      return executionArn as string;
    },
    async ended(executionArn) {
      await seen.executionEnded(executionArn);
      const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return { status, output: output === undefined ? undefined : JSON.parse(output), error, cause };
    },
    async history(executionArn) {
      const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return (events ?? []).map((event) => event.type as string);
    },
    async close() {
      sfn.destroy();
      await aws.close();
      rmSync(hostFolder, { recursive: true, force: true });
    },
  };
}

function appeared(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watchFolder(folder, () => {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    });
    if (existsSync(join(folder, name))) {
      watcher.close();
      resolve();
    }
  });
}
