/** What AWS's own describe calls tell of a platform and its examples: a value by its place, e.g. `queue/baton-completions/RedrivePolicy`. */
import type { LocalAws } from '@baton/local-aws';

type ActionName = Parameters<LocalAws['call']>[0];
type Shape = Readonly<Record<string, unknown>>;
export type Described = ReadonlyMap<string, string>;

/** Asks, and puts what it is told at its place. */
interface Notes {
  readonly put: (place: string, value: unknown) => void;
  readonly ask: (action: ActionName, input?: Shape) => Promise<Shape>;
  readonly listed: (action: ActionName, member: string, input?: Shape) => Promise<readonly Shape[]>;
}

export async function describeResources(aws: LocalAws): Promise<Described> {
  const found = new Map<string, string>();
  const ask: Notes['ask'] = (action, input = {}) => aws.call(action, { ...input });
  const notes: Notes = {
    put: (place, value) => flatten(place, value, found),
    ask,
    listed: async (action, member, input) => ((await ask(action, input))[member] ?? []) as readonly Shape[],
  };
  const parts = [describeFunctions, describeRoles, describeRules, describeQueues, describeStores, describeApis];
  for (const describe of [...parts, describeMachines]) await describe(notes);
  return found;
}

async function describeFunctions({ put, ask, listed }: Notes): Promise<void> {
  for (const { FunctionName } of await listed('lambda:ListFunctions', 'Functions')) {
    const place = `function/${String(FunctionName)}`;
    put(place, await ask('lambda:GetFunctionConfiguration', { FunctionName }));
    put(`${place}/concurrency`, await ask('lambda:GetFunctionConcurrency', { FunctionName }));
    for (const { Name, ...alias } of await listed('lambda:ListAliases', 'Aliases', { FunctionName }))
      put(`${place}/alias/${String(Name)}`, alias);
    for (const Qualifier of [undefined, 'live']) {
      const which = { FunctionName, ...(Qualifier && { Qualifier }) };
      const policy = await ask('lambda:GetPolicy', which).catch(() => undefined);
      if (policy) put(`${place}/permission`, bySid(String(policy['Policy'])));
      const asynchronous = await ask('lambda:GetFunctionEventInvokeConfig', which).catch(() => undefined);
      if (asynchronous) put(`${place}/asynchronous`, asynchronous);
    }
  }
  for (const mapping of await listed('lambda:ListEventSourceMappings', 'EventSourceMappings')) {
    put(`mapping/${nameOf(mapping['EventSourceArn'])}`, mapping);
  }
}

async function describeRoles({ put, ask, listed }: Notes): Promise<void> {
  for (const { RoleName } of await listed('iam:ListRoles', 'Roles', { MaxItems: 1000 })) {
    const place = `role/${String(RoleName)}`;
    const { Role } = (await ask('iam:GetRole', { RoleName })) as { Role: Shape };
    put(`${place}/trust`, bySid(decodeURIComponent(String(Role['AssumeRolePolicyDocument']))));
    for (const PolicyName of (await ask('iam:ListRolePolicies', { RoleName }))['PolicyNames'] as readonly string[]) {
      const { PolicyDocument } = await ask('iam:GetRolePolicy', { RoleName, PolicyName });
      put(`${place}/statement`, bySid(decodeURIComponent(String(PolicyDocument))));
    }
  }
}

async function describeRules({ put, listed }: Notes): Promise<void> {
  for (const { Name, ...rule } of await listed('events:ListRules', 'Rules')) {
    put(`rule/${String(Name)}`, rule);
    const targets = await listed('events:ListTargetsByRule', 'Targets', { Rule: Name });
    // A rule has one target, which each side calls by another id.
    targets.forEach(({ Id: _, ...target }, index) => put(`rule/${String(Name)}/targets/${index}`, target));
  }
}

async function describeQueues({ put, ask }: Notes): Promise<void> {
  for (const QueueUrl of ((await ask('sqs:ListQueues'))['QueueUrls'] ?? []) as readonly string[]) {
    const { Attributes } = await ask('sqs:GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    put(`queue/${nameOf(QueueUrl)}`, Attributes);
  }
}

async function describeStores({ put, ask, listed }: Notes): Promise<void> {
  for (const TableName of (await ask('dynamodb:ListTables'))['TableNames'] as readonly string[]) {
    put(`table/${TableName}`, (await ask('dynamodb:DescribeTable', { TableName }))['Table']);
    put(`table/${TableName}/ttl`, await ask('dynamodb:DescribeTimeToLive', { TableName }));
  }
  for (const { TopicArn } of await listed('sns:ListTopics', 'Topics')) {
    put(`topic/${nameOf(TopicArn)}`, (await ask('sns:GetTopicAttributes', { TopicArn }))['Attributes']);
  }
}

async function describeApis({ put, listed }: Notes): Promise<void> {
  for (const { Name, ApiId, ...api } of await listed('apigateway:GetApis', 'Items')) {
    const place = `api/${String(Name)}`;
    put(place, api);
    const targets = new Map(
      (await listed('apigateway:GetIntegrations', 'Items', { ApiId })).map((each) => [
        `integrations/${String(each['IntegrationId'])}`,
        each,
      ]),
    );
    for (const { RouteKey, Target, RouteId: _, ...route } of await listed('apigateway:GetRoutes', 'Items', { ApiId }))
      put(`${place}/route/${String(RouteKey)}`, { ...route, integration: targets.get(String(Target)) });
    for (const { StageName, ...stage } of await listed('apigateway:GetStages', 'Items', { ApiId }))
      put(`${place}/stage/${String(StageName)}`, stage);
  }
}

async function describeMachines({ put, ask, listed }: Notes): Promise<void> {
  for (const { stateMachineArn } of await listed('states:ListStateMachines', 'stateMachines')) {
    put(`machine/${nameOf(stateMachineArn)}`, await ask('states:DescribeStateMachine', { stateMachineArn }));
  }
  const Filters = [{ Key: 'Owner', Values: ['Self'] }];
  for (const { Name } of await listed('ssm:ListDocuments', 'DocumentIdentifiers', { Filters })) {
    put(`document/${String(Name)}`, await ask('ssm:GetDocument', { Name }));
  }
}

/** The last part of an ARN or address. */
const nameOf = (arn: unknown): string => String(arn).replace(/^.*[:/]/, '');

function bySid(document: string): Shape {
  const { Statement } = JSON.parse(document) as { Statement: unknown };
  const statements = [Statement].flat() as (Shape & { readonly Sid?: string })[];
  return Object.fromEntries(statements.map(({ Sid, ...rest }, index) => [Sid ?? String(index), rest]));
}

/** Members that are JSON text are read, so that white space and order make no difference. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The member by which the elements of a list are told apart, whatever their order. */
const NAMES = ['AttributeName', 'IndexName'];

/** A list of texts counts as a set. */
function flatten(place: string, given: unknown, found: Map<string, string>): void {
  const value = parsed(given);
  if (value === undefined || value === null) return;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    found.set(place, JSON.stringify(value.length === 1 ? value[0] : value.toSorted()));
  } else if (Array.isArray(value)) {
    value.forEach((element: Shape, index) => {
      const name = NAMES.map((member) => element[member]).find((each) => typeof each === 'string');
      flatten(`${place}/${String(name ?? index)}`, element, found);
    });
  } else if (typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) flatten(`${place}/${key}`, member, found);
  } else found.set(place, JSON.stringify(value));
}
