import type { ObservedCall } from '@baton/local-aws';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkflow, startWorkflow, type RunningWorkflow, type Workflow } from '../workflow.ts';
import type { Ended } from './executions.ts';
import { openGoldenFile } from './golden-file.ts';
import type { GoldenEvent } from './golden-history.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

export interface ExampleOptions {
  readonly clock?: 'real' | 'manual';
  /** `on`, the default: roles may do what their policies allow. */
  readonly iam?: 'on' | 'off';
  /** The seed of a local AWS that is as unkind as AWS. */
  readonly unkind?: number;
  /** In place of those in workflow.auto.tfvars.json. */
  readonly variables?: Workflow['variables'];
  /** A definition beside workflow.asl.json, by its path in the folder. */
  readonly definition?: string;
}

export interface Execution {
  readonly arn: string;
  /** Resolves when it has ended. */
  ended(): Promise<Ended>;
  /** In a form that is equal on each run; complete once the execution has ended. */
  history(): Promise<readonly GoldenEvent[]>;
}

export interface Example extends Omit<TestPlatform, 'start'> {
  /** The addresses of the example's servers, e.g. `partner_url`. */
  readonly variables: RunningWorkflow['variables'];
  /** Starts an execution. Its name is part of its history: one name for one path. */
  start(name: string, input: unknown): Promise<Execution>;
  /** What history.json says of the path. */
  expected(path: string, happened: readonly GoldenEvent[]): unknown;
  /** Resolves with the first call of the action that fits, since the last start of an execution. */
  called(service: string, action: string, fits?: (call: ObservedCall) => boolean): Promise<ObservedCall>;
  /** Takes what is in one of the example's queues. */
  messages(queue: string): Promise<readonly unknown[]>;
}

/**
 * Starts an example for its test: its built bundles and the platform's on a local AWS, as `baton run` starts them. Hosts run their jobs in a copy
 * of the example's folder.
 */
export async function startExample(folder: string, options: ExampleOptions = {}): Promise<Example> {
  const platform = await startPlatform(options);
  const workflow = withOptions(readWorkflow(folder), options);
  if (workflow.needs.hosts.length > 0) {
    cpSync(folder, platform.hostFolder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  }
  const { aws, deployment, hostFolder, calls } = platform;
  const running = await startWorkflow(aws, deployment, workflow, hostFolder);
  const golden = openGoldenFile(join(folder, 'history.json'));
  let started = 0;
  return {
    ...platform,
    variables: running.variables,
    async start(name, input) {
      started = calls.length;
      const arn = await platform.startMachine(running.stateMachineArn, input, name);
      return { arn, ended: () => platform.ended(arn), history: () => platform.historyOf(arn) };
    },
    expected: (path, happened) => golden.expected(path, happened),
    called: (service, action, fits = () => true) =>
      platform.when(() =>
        calls.slice(started).find((call) => call.service === service && call.action === action && fits(call)),
      ),
    messages: (queue) => receiveAll(platform, `${workflow.name}-${queue}`),
    async close() {
      running.close();
      await platform.close();
    },
  };
}

function withOptions(workflow: Workflow, { definition, variables }: ExampleOptions): Workflow {
  const template =
    definition === undefined ? workflow.template : readFileSync(join(workflow.folder, definition), 'utf8');
  return { ...workflow, template, variables: { ...workflow.variables, ...variables } };
}

async function receiveAll({ aws }: TestPlatform, queue: string): Promise<unknown[]> {
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
