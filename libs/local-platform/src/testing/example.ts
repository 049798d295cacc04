/**
 * An example for its test: its built bundles and the platform's on a local AWS, started as `baton run` starts it. Waiting is for
 * events, never for a length of time.
 */
import { createLocalAws, type LocalAws, type ManualClock, type ObservedCall } from '@baton/local-aws';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployPlatform, type Deployment } from '../deploy.ts';
import { launchHost } from '../host.ts';
import { startServers, type Servers } from '../servers.ts';
import { deployWorkflow, readWorkflow, type Workflow } from '../workflow.ts';
import { openGoldenFile } from './golden-file.ts';
import { goldenHistory, type GoldenEvent, type HistoryEvent } from './golden-history.ts';
import { watch, type Watch } from './watch.ts';

export interface ExampleOptions {
  readonly clock?: 'real' | 'manual';
  /** In place of those in workflow.auto.tfvars.json. */
  readonly variables?: Workflow['variables'];
  /** A definition beside workflow.asl.json, by its path in the folder. */
  readonly definition?: string;
}

export interface Ended {
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

export interface Execution {
  readonly arn: string;
  /** Resolves when it has come to its end. */
  ended(): Promise<Ended>;
  /** As it can be compared; complete once the execution has ended. */
  history(): Promise<readonly GoldenEvent[]>;
}

export interface Example extends Watch {
  readonly aws: LocalAws;
  readonly url: string;
  readonly deployment: Deployment;
  /** The addresses of the example's servers, e.g. `partner_url`. */
  readonly variables: Servers['variables'];
  /** A copy of the example's folder, in which its hosts run their jobs. */
  readonly hostFolder: string;
  /** Starts an execution. Its name is part of its history: one name for one path. */
  start(name: string, input: unknown): Promise<Execution>;
  /** The history of any execution, e.g. of a child of a Map Run. */
  historyOf(executionArn: string): Promise<readonly GoldenEvent[]>;
  /** What history.json says of the path. */
  expected(path: string, happened: readonly GoldenEvent[]): unknown;
  /** Resolves with the first call of the action that fits, since the last start of an execution. */
  called(service: string, action: string, fits?: (call: ObservedCall) => boolean): Promise<ObservedCall>;
  /** Takes what is in one of the example's queues. */
  messages(queue: string): Promise<readonly unknown[]>;
  /** Moves a manual clock on. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startExample(folder: string, options: ExampleOptions = {}): Promise<Example> {
  const aws: LocalAws = options.clock === 'manual' ? createLocalAws({ clock: 'manual' }) : createLocalAws();
  const seen = watch(aws);
  const url = await aws.listen();
  const deployment = await deployPlatform(aws);
  const workflow = withOptions(readWorkflow(folder), options);
  const hostFolder = mkdtempSync(join(tmpdir(), 'host-'));
  if (workflow.hosts.length > 0)
    cpSync(folder, hostFolder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  for (const instanceId of workflow.hosts) {
    await launchHost(aws, { endpoint: deployment.endpoint, instanceId, folder: hostFolder });
  }
  const servers: Servers = await startServers(workflow);
  const stateMachineArn = await deployWorkflow(aws, deployment, workflow, servers.variables);
  const golden = openGoldenFile(join(folder, 'history.json'));
  let started = 0;

  return {
    ...seen,
    aws,
    url,
    deployment,
    hostFolder,
    variables: servers.variables,
    async start(name, input) {
      started = seen.calls.length;
      const { executionArn } = await aws.call('states:StartExecution', {
        stateMachineArn,
        name,
        input: JSON.stringify(input),
      });
      return executionOf(aws, seen, String(executionArn));
    },
    historyOf: (executionArn) => historyOf(aws, executionArn),
    expected: (path, happened) => golden.expected(path, happened),
    called: (service, action, fits = () => true) =>
      seen.when(() =>
        seen.calls.slice(started).find((call) => call.service === service && call.action === action && fits(call)),
      ),
    messages: (queue) => receiveAll(aws, `${workflow.name}-${queue}`),
    advance: (milliseconds) => (aws.clock as ManualClock).advance(milliseconds),
    async close() {
      servers.close();
      await aws.close();
      rmSync(hostFolder, { recursive: true, force: true });
    },
  };
}

function withOptions(workflow: Workflow, { definition, variables }: ExampleOptions): Workflow {
  const template =
    definition === undefined ? workflow.template : readFileSync(join(workflow.folder, definition), 'utf8');
  return { ...workflow, template, variables: { ...workflow.variables, ...variables } };
}

function executionOf(aws: LocalAws, seen: Watch, arn: string): Execution {
  return {
    arn,
    async ended() {
      await seen.executionEnded(arn);
      const described = await aws.call('states:DescribeExecution', { executionArn: arn });
      const { status, output, error, cause } = described as Record<string, string | undefined>;
      return { status: String(status), output: output === undefined ? undefined : JSON.parse(output), error, cause };
    },
    history: () => historyOf(aws, arn),
  };
}

async function historyOf(aws: LocalAws, executionArn: string): Promise<readonly GoldenEvent[]> {
  const { events } = await aws.call('states:GetExecutionHistory', { executionArn, maxResults: 1000 });
  return goldenHistory(events as HistoryEvent[]);
}

async function receiveAll(aws: LocalAws, queue: string): Promise<unknown[]> {
  await aws.activity.idle();
  const { QueueUrl } = await aws.call('sqs:GetQueueUrl', { QueueName: queue });
  const bodies: unknown[] = [];
  for (;;) {
    const { Messages = [] } = (await aws.call('sqs:ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })) as {
      Messages?: { Body: string; ReceiptHandle: string }[];
    };
    if (Messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(parseBody(Body));
      await aws.call('sqs:DeleteMessage', { QueueUrl, ReceiptHandle });
    }
  }
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
