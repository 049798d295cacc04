/** What roles may do: the statements of wiring/policies.json, those of the Terraform modules, and policies made of them. */
import type { LocalAws } from '@baton/local-aws';
import * as z from 'zod/mini';

const Condition = z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) });

export const Statement = z.object({
  sid: z.string(),
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  conditions: z._default(z.array(Condition), []),
});
export type Statement = z.infer<typeof Statement>;

export const Policies = z.object({
  statements: z.record(z.string(), Statement),
  functions: z.record(z.string(), z.array(z.string())),
  operator: z.array(z.string()),
});
export type Policies = z.infer<typeof Policies>;

/** The statements of these names. One whose resources are an empty list says nothing. */
export const statementsOf = (policies: Policies, names: readonly string[]): Statement[] =>
  names.flatMap((name) => {
    const statement = policies.statements[name];
    if (statement === undefined) throw new Error(`policies.json has no statement "${name}"`);
    return statement.resources.some((resource) => resource !== '') ? [statement] : [];
  });

export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(conditions.length > 0 && { Condition: conditionBlock(conditions) }),
    })),
  });
}

function conditionBlock(conditions: Statement['conditions']): Record<string, Record<string, string[]>> {
  const block: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of conditions) (block[test] ??= {})[variable] = values;
  return block;
}

const statement = (sid: string, actions: readonly string[], resources: readonly string[]): Statement => ({
  sid,
  actions: [...actions],
  resources: [...resources],
  conditions: [],
});

const posts = (apiExecutionArn: string, ...verbs: readonly string[]): string[] =>
  verbs.map((verb) => `${apiExecutionArn}/*/POST/callbacks/*/${verb}`);

/** The statement of a worker that reports over HTTP. */
export const report = (sid: string, apiExecutionArn: string): Statement =>
  statement(sid, ['execute-api:Invoke'], posts(apiExecutionArn, 'heartbeat', 'success', 'failure'));

/** The statement of a host, which also claims its callback, and may look at it. */
export const reportOfHost = (apiExecutionArn: string): Statement =>
  statement(
    'Report',
    ['execute-api:Invoke'],
    [...posts(apiExecutionArn, 'claim', 'heartbeat', 'success', 'failure'), `${apiExecutionArn}/*/GET/callbacks/*`],
  );

/** What a worker needs that is given raw tokens. */
export const settleRawTokens = (stateMachineArn: string): Statement =>
  statement(
    'SettleWithRawTokens',
    ['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'],
    [stateMachineArn],
  );

export interface FunctionRole {
  readonly statements: readonly Statement[];
  /** The ARNs of queues whose messages it takes. */
  readonly queues?: readonly string[];
  /** The function that is told of its failed events. */
  readonly failureFunctionArn?: string | undefined;
}

/** As terraform/modules/function makes the policy of a function's role. */
export function functionStatements(
  { world }: LocalAws,
  name: string,
  { statements, queues = [], failureFunctionArn }: FunctionRole,
): Statement[] {
  const stream = `arn:aws:logs:${world.region}:${world.accountId}:log-group:/aws/lambda/${name}:log-stream:*`;
  return [
    statement('WriteOwnLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [stream]),
    ...statements,
    ...(failureFunctionArn === undefined
      ? []
      : [statement('TellFailedEvents', ['lambda:InvokeFunction'], [failureFunctionArn])]),
    ...(queues.length === 0
      ? []
      : [statement('TakeMessages', ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], queues)]),
  ];
}
