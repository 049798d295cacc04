/** Makes what an example needs beside the platform, with the API calls that its main.tf comes down to. */
import type { LocalAws } from '@baton/local-aws';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { names } from './names.ts';
import type { Needs } from './needs.ts';
import { renderTemplate } from './template.ts';

export type Variables = Readonly<Record<string, string | number>>;

interface Scope {
  readonly aws: LocalAws;
  /** The example's name, which its resources' names begin with. */
  readonly name: string;
  readonly folder: string;
  readonly needs: Needs;
  /** What templates may name so far. */
  readonly variables: Record<string, string | number>;
}

/** Answers the variables of what was made, e.g. `orders_queue_url`, together with those that were given. */
export async function deployNeeds(
  aws: LocalAws,
  { name, folder, needs }: { name: string; folder: string; needs: Needs },
  variables: Variables,
): Promise<Variables> {
  const scope: Scope = { aws, name, folder, needs, variables: { ...variables } };
  for (const queue of deadLetterQueuesFirst(needs)) await createQueue(scope, queue);
  for (const topic of Object.keys(needs.topics ?? {})) await createTopic(scope, topic);
  for (const table of Object.keys(needs.tables ?? {})) await createTable(scope, table);
  for (const email of needs.approvers ?? []) await subscribeApprover(scope, email);
  for (const fn of Object.keys(needs.functions ?? {})) await createFunction(scope, fn);
  return scope.variables;
}

const member = (name: string, rest: string): string => `${name.replaceAll('-', '_')}_${rest}`;
const fullName = (scope: Scope, name: string): string => `${scope.name}-${name}`;

function deadLetterQueuesFirst({ queues = {} }: Needs): string[] {
  const isPlain = (name: string): boolean => queues[name]?.redrive === undefined;
  const names = Object.keys(queues);
  return [...names.filter(isPlain), ...names.filter((name) => !isPlain(name))];
}

async function createQueue(scope: Scope, name: string): Promise<void> {
  const { visibilityTimeoutSeconds, redrive, failsTasks } = scope.needs.queues?.[name] ?? {};
  const { QueueUrl } = await scope.aws.call('sqs:CreateQueue', {
    QueueName: fullName(scope, name),
    Attributes: {
      ...(visibilityTimeoutSeconds !== undefined && { VisibilityTimeout: String(visibilityTimeoutSeconds) }),
      ...(redrive && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: queueArn(scope, redrive.deadLetterQueue),
          maxReceiveCount: redrive.maxReceiveCount,
        }),
      }),
    },
  });
  scope.variables[member(name, 'queue_url')] = String(QueueUrl);
  scope.variables[member(name, 'queue_arn')] =
    `arn:aws:sqs:${scope.aws.world.region}:${scope.aws.world.accountId}:${fullName(scope, name)}`;
  if (failsTasks) {
    await scope.aws.call('lambda:CreateEventSourceMapping', {
      FunctionName: made(scope, 'queue_function_arn', 'the function that takes dead letters'),
      EventSourceArn: queueArn(scope, name),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  }
}

const queueArn = (scope: Scope, name: string): string => made(scope, member(name, 'queue_arn'), `the queue "${name}"`);

async function createTopic(scope: Scope, name: string): Promise<void> {
  const { queues = [], emails = [] } = scope.needs.topics?.[name] ?? {};
  const { TopicArn } = await scope.aws.call('sns:CreateTopic', { Name: fullName(scope, name) });
  scope.variables[member(name, 'topic_arn')] = String(TopicArn);
  for (const queue of queues) {
    await scope.aws.call('sns:Subscribe', {
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queueArn(scope, queue),
      Attributes: { RawMessageDelivery: 'true' },
    });
  }
  for (const Endpoint of emails) await subscribePerson(scope.aws, String(TopicArn), Endpoint);
}

/** As people subscribe to the platform's notices: to those that are for them. */
async function subscribeApprover(scope: Scope, email: string): Promise<void> {
  const topicArn = made(scope, 'notice_topic_arn', "the topic of approvers' notices");
  await subscribePerson(scope.aws, topicArn, email, { FilterPolicy: JSON.stringify({ email: [email] }) });
}

/** Nobody is there to confirm: the link that the mail brings is followed. */
async function subscribePerson(
  aws: LocalAws,
  TopicArn: string,
  Endpoint: string,
  Attributes: Record<string, string> = {},
): Promise<void> {
  await aws.call('sns:Subscribe', { TopicArn, Protocol: 'email', Endpoint, Attributes });
  const mail = aws.sns.outbox.findLast(({ to, topicArn }) => to === Endpoint && topicArn === TopicArn);
  const Token = new URL(String(mail?.confirmUrl)).searchParams.get('Token');
  await aws.call('sns:ConfirmSubscription', { TopicArn, Token });
}

async function createTable(scope: Scope, name: string): Promise<void> {
  const { partitionKey = '' } = scope.needs.tables?.[name] ?? {};
  const TableName = fullName(scope, name);
  await scope.aws.call('dynamodb:CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
  });
  scope.variables[member(name, 'table_name')] = TableName;
}

async function createFunction(scope: Scope, name: string): Promise<void> {
  const { aws, needs, variables } = scope;
  const spec = needs.functions?.[name];
  if (!spec) return;
  const FunctionName = fullName(scope, name);
  const render = (template: string): string => renderTemplate(template, variables, `${scope.name}/local.json`);
  const { FunctionArn } = await aws.call('lambda:CreateFunction', {
    FunctionName,
    Runtime: 'nodejs22.x',
    Role: `arn:aws:iam::${aws.world.accountId}:role/${names.workerRole}`,
    Handler: spec.handler,
    Code: { ZipFile: zipOwnBundle(scope) },
    MemorySize: spec.memoryMegabytes ?? 256,
    Timeout: spec.timeoutSeconds,
    Environment: {
      Variables: Object.fromEntries(Object.entries(spec.environment ?? {}).map(([key, value]) => [key, render(value)])),
    },
  });
  variables[member(name, 'function_arn')] = String(FunctionArn);
  for (const { queue, batchSize } of spec.queues ?? []) {
    await aws.call('lambda:CreateEventSourceMapping', {
      FunctionName,
      EventSourceArn: queueArn(scope, queue),
      BatchSize: batchSize ?? 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  }
  if (spec.asynchronous) {
    await aws.call('lambda:PutFunctionEventInvokeConfig', {
      FunctionName,
      MaximumRetryAttempts: spec.asynchronous.maximumRetryAttempts,
      DestinationConfig: { OnFailure: { Destination: render(spec.asynchronous.onFailure) } },
    });
  }
}

function zipOwnBundle({ name, folder }: Scope): Uint8Array {
  const file = join(folder, 'dist/main.mjs');
  if (!existsSync(file)) throw new Error(`examples/${name} has not been built: run "npm run build"`);
  return zipSync({ 'main.mjs': readFileSync(file) });
}

function made(scope: Scope, variable: string, what: string): string {
  const value = scope.variables[variable];
  if (value === undefined) throw new Error(`${scope.name}/local.json speaks of ${what}, which it does not have`);
  return String(value);
}
