import type { LocalAws } from '@baton/local-aws';
import { zipFolder } from './bundle.ts';
import { DEAD_LETTERS, type Needs, type Worker } from './needs.ts';
import {
  createFunction,
  createQueue,
  createTable,
  createTopic,
  mapQueue,
  queueArn,
  subscribeEmail,
  type QueueSpec,
} from './resources.ts';
import { report, settleRawTokens, type FunctionRole, type Statement } from './policies.ts';
import { createFunctionRole } from './roles.ts';
import { renderTemplate } from './template.ts';
import { names } from './wiring.ts';

export type Variables = Readonly<Record<string, string | number>>;

interface Scope {
  readonly aws: LocalAws;
  /** The example's name, with which the names of its resources begin. */
  readonly name: string;
  readonly built: string;
  readonly needs: Needs;
  /** The variables that templates can use so far. */
  readonly variables: Record<string, string | number>;
}

/**
 * Creates what an example has beside the platform.
 *
 * @returns the variables of what was made, e.g. `orders_queue_url`, together with those that were given
 * @throws Error where local.json names what it does not have, or the example has not been built
 */
export async function deployNeeds(
  aws: LocalAws,
  { name, built, needs }: { name: string; built: string; needs: Needs },
  variables: Variables,
): Promise<Variables> {
  const scope: Scope = { aws, name, built, needs, variables: { ...variables } };
  for (const [queue, spec] of Object.entries(needs.queues)) await addQueue(scope, queue, spec);
  for (const [topic, spec] of Object.entries(needs.topics)) await addTopic(scope, topic, spec);
  for (const [table, spec] of Object.entries(needs.tables)) await addTable(scope, table, spec);
  for (const email of needs.approvers) {
    await subscribeEmail(aws, { topicArn: known(scope, 'notice_topic_arn'), email, onlyOwn: true });
  }
  for (const [fn, spec] of Object.entries(needs.functions)) await addFunction(scope, fn, spec);
  for (const [worker, spec] of Object.entries(needs.workers)) await addWorker(scope, worker, spec);
  return scope.variables;
}

const variable = (name: string, rest: string): string => `${name.replaceAll('-', '_')}_${rest}`;
const fullName = (scope: Scope, name: string): string => `${scope.name}-${name}`;
const render = (scope: Scope, template: string): string =>
  renderTemplate(template, scope.variables, `${scope.name}/local.json`);

/** Statements with what their templates stand for. */
export const renderStatements = (statements: readonly Statement[], variables: Variables, file: string): Statement[] =>
  statements.map((statement) => ({
    ...statement,
    resources: statement.resources.map((resource) => renderTemplate(resource, variables, file)),
  }));

async function addQueue(scope: Scope, name: string, spec: QueueSpec): Promise<void> {
  const queue = fullName(scope, name);
  scope.variables[variable(name, 'queue_url')] = await createQueue(scope.aws, queue, spec);
  scope.variables[variable(name, 'queue_arn')] = queueArn(scope.aws, queue);
}

/** Lets a topic send to a queue. */
async function openQueue(aws: LocalAws, queueName: string, topicArn: string): Promise<void> {
  const { QueueUrl } = await aws.call('sqs:GetQueueUrl', { QueueName: queueName });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn(aws, queueName),
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  });
  await aws.call('sqs:SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
}

async function addTopic(scope: Scope, name: string, spec: Needs['topics'][string]): Promise<void> {
  const topicArn = await createTopic(scope.aws, fullName(scope, name));
  scope.variables[variable(name, 'topic_arn')] = topicArn;
  for (const queue of spec.queues ?? []) {
    await scope.aws.call('sns:Subscribe', {
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: known(scope, variable(queue, 'queue_arn'), `the queue "${queue}"`),
      Attributes: { RawMessageDelivery: 'true' },
    });
    await openQueue(scope.aws, fullName(scope, queue), topicArn);
  }
  for (const email of spec.emails ?? []) await subscribeEmail(scope.aws, { topicArn, email });
}

async function addTable(scope: Scope, name: string, { partitionKey }: { partitionKey: string }): Promise<void> {
  const table = fullName(scope, name);
  await createTable(scope.aws, table, { partitionKey: { name: partitionKey, type: 'S' } });
  scope.variables[variable(name, 'table_name')] = table;
  const { region, accountId } = scope.aws.world;
  scope.variables[variable(name, 'table_arn')] = `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
}

async function addFunction(scope: Scope, name: string, spec: Needs['functions'][string]): Promise<void> {
  const statements = renderStatements(spec.statements, scope.variables, `${scope.name}/local.json`);
  const failureFunctionArn = spec.asynchronous && render(scope, spec.asynchronous.onFailure);
  await deployFunction(scope, name, spec, { statements, failureFunctionArn });
  if (!spec.asynchronous) return;
  await scope.aws.call('lambda:PutFunctionEventInvokeConfig', {
    FunctionName: fullName(scope, name),
    MaximumRetryAttempts: spec.asynchronous.maximumRetryAttempts,
    DestinationConfig: { OnFailure: { Destination: failureFunctionArn } },
  });
}

async function deployFunction(
  scope: Scope,
  name: string,
  spec: Omit<Needs['functions'][string], 'asynchronous' | 'statements'>,
  role: FunctionRole,
): Promise<void> {
  const functionName = fullName(scope, name);
  const roleName = names.workRole(functionName);
  await createFunctionRole(scope.aws, { ...role, roleName, functionName });
  const environment = Object.entries(spec.environment).map(([key, value]) => [key, render(scope, value)] as const);
  scope.variables[variable(name, 'function_arn')] = await createFunction(scope.aws, functionName, {
    ...spec,
    roleName,
    zip: zipFolder(scope.built, scope.name),
    environment: Object.fromEntries(environment),
  });
}

/** Creates the same resources as terraform/modules/queue-worker. */
async function addWorker(scope: Scope, name: string, spec: Worker): Promise<void> {
  const dead = `${name}-dead`;
  await addQueue(scope, dead, DEAD_LETTERS);
  await addQueue(scope, name, {
    visibilityTimeoutSeconds: spec.visibilityTimeoutSeconds ?? 6 * spec.timeoutSeconds,
    messageRetentionSeconds: spec.messageRetentionSeconds,
    redrive: { deadLetterQueueArn: queueArn(scope.aws, fullName(scope, dead)), maxReceiveCount: spec.maxReceiveCount },
  });
  const { region, accountId } = scope.aws.world;
  await deployFunction(scope, name, spec, {
    statements: [
      ...('BATON_ENDPOINT' in spec.environment ? [report('ReportOverHttp', known(scope, 'api_execution_arn'))] : []),
      ...(spec.settles ? [settleRawTokens(`arn:aws:states:${region}:${accountId}:stateMachine:${scope.name}`)] : []),
    ],
    // The dead letters are given to the completer, which takes them with its own role.
    queues: [queueArn(scope.aws, fullName(scope, name))],
  });
  const [queue, functionName] = [fullName(scope, name), fullName(scope, name)];
  await mapQueue(scope.aws, { queue, functionName, batchSize: spec.batchSize });
  const completer = known(scope, 'queue_function_arn');
  await mapQueue(scope.aws, { ...DEAD_LETTERS, queue: fullName(scope, dead), functionName: completer });
}

function known(scope: Scope, name: string, what = `the variable "${name}"`): string {
  const value = scope.variables[name];
  if (value === undefined) throw new Error(`${scope.name}/local.json names ${what}, which it does not have`);
  return String(value);
}
