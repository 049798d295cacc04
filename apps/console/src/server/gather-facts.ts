/**
 * Asks AWS for what a diagnosis needs. What the operator's role may not read is left out, and kept as a name of the action. Answers are kept for a few
 * seconds, so that a list of callbacks of the same host or queue asks once.
 */
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCommandInvocationCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  type Callback,
  type CallbackStore,
  errorName,
  type Facts,
  isOpen,
  type Millis,
  receiptOf,
} from '@baton/token-lib';
import type { operatorClientOptions } from '@baton/token-lib/aws';
import { type HealthAnswer, readHealth } from './health.ts';
import { hideTokens } from './hide-secrets.ts';
import type { WaitingList } from './waiting-list.ts';
import { functionFacts, hostFacts, logFacts, queueFacts, untoldApprovers } from './read-facts.ts';

export interface LogLine {
  readonly at: Millis;
  /** The function that wrote it. */
  readonly name: string;
  readonly text: string;
}

export interface FactGatherer {
  /** `all`: with what is asked for this callback alone. `shared`: what a list may ask. */
  gather(row: Callback, depth: 'all' | 'shared'): Promise<Facts>;
  log(row: Callback): Promise<readonly LogLine[]>;
  health(waiting: WaitingList): Promise<HealthAnswer>;
  /** Actions that the operator's role lacks, as far as they were tried. */
  readonly missing: ReadonlySet<string>;
  close(): void;
}

export interface FactClients {
  readonly ec2: EC2Client;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly sfn: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
}

/** The functions whose rest keeps every callback waiting. */
const HANDLERS = [
  'completer-http',
  'completer-queue',
  'completer-schedule',
  'completer-events',
  'completer-approvals',
  'completer-webhooks',
];
const KEPT_MILLIS = 3_000;
const MAX_KEPT = 2_000;
const MAX_LINES = 60;
const MINUTE = 60_000;

export interface GathererOptions {
  readonly clients: ReturnType<typeof operatorClientOptions>['repeatable'];
  readonly store: CallbackStore;
  /** What the platform's functions are named after. */
  readonly prefix: string;
  readonly now: () => Millis;
}

interface Asking {
  readonly clients: FactClients;
  readonly store: CallbackStore;
  readonly prefix: string;
  /** Asks once in a while. @returns undefined for what cannot be read */
  readonly asked: <T>(key: string, ask: () => Promise<T>) => Promise<T | undefined>;
}

export function factGatherer({ clients: options, store, prefix, now }: GathererOptions): FactGatherer {
  const clients: FactClients = {
    ec2: new EC2Client(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    sfn: new SFNClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    ssm: new SSMClient(options),
  };
  const missing = new Set<string>();
  const asking: Asking = { clients, store, prefix, asked: askedOnce(missing) };
  return {
    async gather(row, depth) {
      if (!isOpen(row)) return { row, now: now() };
      const [shared, own] = await Promise.all([sharedFacts(asking, row), depth === 'all' ? ownFacts(asking, row) : {}]);
      return { row, now: now(), ...shared, ...own };
    },
    log: (row) => logOf(asking, row),
    health: (waiting) => readHealth(clients, prefix, waiting, now()),
    missing,
    close: () => Object.values(clients).forEach((client: { destroy(): void }) => client.destroy()),
  };
}

function askedOnce(missing: Set<string>): Asking['asked'] {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<unknown> }>();
  return <T>(key: string, ask: () => Promise<T>): Promise<T | undefined> => {
    const known = kept.get(key);
    if (known !== undefined && known.until > Date.now()) return known.answer as Promise<T | undefined>;
    const answer = ask().catch((error: unknown) => {
      const action = /perform: ([\w-]+:\w+)/.exec(error instanceof Error ? error.message : '')?.[1];
      if (errorName(error).startsWith('AccessDenied') && action !== undefined) missing.add(action);
      return undefined;
    });
    if (kept.size > MAX_KEPT) kept.clear();
    kept.set(key, { until: Date.now() + KEPT_MILLIS, answer });
    return answer;
  };
}

async function stoppedFunctions({ clients, prefix, asked }: Asking): Promise<NonNullable<Facts['stopped']>> {
  const found = await Promise.all(
    HANDLERS.map((name) => asked(`function ${prefix}-${name}`, () => functionFacts(clients, `${prefix}-${name}`))),
  );
  return found.flatMap((each) =>
    each?.reservedConcurrency === 0 ? [{ name: each.name, why: 'its reserved concurrency is 0' }] : [],
  );
}

async function sharedFacts(asking: Asking, row: Callback): Promise<Partial<Facts>> {
  const { clients, store, asked } = asking;
  const { instanceId, kind } = row.terms;
  const work =
    kind === 'ssm' || kind === 'webhook' ? undefined : await asked(`work ${row.callbackId}`, () => store.workOf(row));
  const functionNamed = (name: string | undefined) =>
    name === undefined ? undefined : asked(`function ${name}`, () => functionFacts(clients, name));
  const [host, queue, worker, stopped] = await Promise.all([
    instanceId === undefined ? undefined : asked(`host ${instanceId}`, () => hostFacts(clients, instanceId)),
    work?.kind === 'queue' ? asked(`queue ${work.queueUrl}`, () => queueFacts(clients, work.queueUrl)) : undefined,
    functionNamed(work?.kind === 'lambda' ? work.functionName : undefined),
    stoppedFunctions(asking),
  ]);
  const people = work?.kind === 'approval' ? work.approvers : undefined;
  return {
    ...{ host, queue, stopped },
    approvers: people?.map(({ name }) => name),
    untold:
      people &&
      (await asked(`untold ${row.callbackId}`, () => untoldApprovers(clients, `${asking.prefix}-dispatcher`, people))),
    worker: worker ?? (await functionNamed(queue?.consumer)),
  };
}

async function ownFacts(asking: Asking, row: Callback): Promise<Partial<Facts>> {
  const { clients, asked } = asking;
  const { executionArn } = row.context;
  const { instanceId: InstanceId } = row.terms;
  const CommandId = receiptOf(row);
  const [execution, command, lines] = await Promise.all([
    asked(`execution ${executionArn}`, () => clients.sfn.send(new DescribeExecutionCommand({ executionArn }))),
    InstanceId === undefined || CommandId === undefined
      ? undefined
      : asked(`command ${CommandId}`, () =>
          clients.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId })),
        ),
    logOf(asking, row),
  ]);
  const { Status: status = '', StatusDetails: details = '', StandardErrorContent: stderr = '' } = command ?? {};
  return {
    execution: execution?.status,
    command: command && { status, details, stderr },
    ...logFacts(lines.map(({ text }) => text)),
  };
}

async function logOf({ clients, prefix, asked }: Asking, row: Callback): Promise<LogLine[]> {
  const found = await Promise.all(
    ['dispatcher', ...HANDLERS].map((name) =>
      asked(`log ${name} ${row.callbackId}`, async () => {
        const { events = [] } = await clients.logs.send(
          new FilterLogEventsCommand({
            logGroupName: `/aws/lambda/${prefix}-${name}`,
            startTime: row.createdAt - MINUTE,
            filterPattern: `"${row.callbackId}"`,
            limit: MAX_LINES,
          }),
        );
        return events.map(({ timestamp: at = 0, message = '' }): LogLine => ({
          at,
          name,
          text: hideTokens(textOf(message)),
        }));
      }),
    ),
  );
  return found
    .flatMap((lines) => lines ?? [])
    .sort((a, b) => a.at - b.at)
    .slice(-MAX_LINES);
}

/** Without the time and the request's id that Lambda puts before it. */
const textOf = (message: string): string => message.trim().replace(/^[^\t{]*\t[^\t]*\t\s*[A-Z]+\s+/, '');
