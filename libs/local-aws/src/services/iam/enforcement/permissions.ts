/** Which permissions a call needs, where IAM's names are not the API's. [documented: Service Authorization Reference] */
import type { Call } from '../../../kernel/call.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { isJsonObject } from '../../../kit/json-object.ts';

/** One action on one resource. */
export interface Permission {
  /** E.g. `lambda:InvokeFunction`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Of `iam:PassRole`: the service that is given the role. */
  readonly passedToService?: string;
}

const RENAMED: Readonly<Record<string, string>> = {
  'dynamodb:TransactGetItems': 'dynamodb:GetItem',
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  's3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
  's3:DeleteBucketTagging': 's3:PutBucketTagging',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:UploadPart': 's3:PutObject',
  'sns:PublishBatch': 'sns:Publish',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
};

/** An API Gateway action is an HTTP method on the address of what it is about. */
const METHODS: readonly (readonly [RegExp, string])[] = [
  [/^Get/, 'GET'],
  [/^(Create|Import)/, 'POST'],
  [/^(Update|Reimport)/, 'PATCH'],
  [/^Delete/, 'DELETE'],
  [/^TagResource$/, 'POST'],
  [/^UntagResource$/, 'DELETE'],
];

export function permissionsOf(call: Call, roleOfProfile: (name: string) => string | undefined): Permission[] {
  const name = `${call.service}:${call.action}`;
  return [...actionsOf(call, name), ...sessionActions(call, name), ...passedRoles(call, name, roleOfProfile)];
}

function actionsOf(call: Call, name: string): Permission[] {
  if (name === 'dynamodb:TransactWriteItems') return writes(call);
  return call.resources.map((resource) => ({ action: actionName(call, name), resource }));
}

function actionName({ service, action }: Call, name: string): string {
  if (service !== 'apigateway') return RENAMED[name] ?? name;
  const method = METHODS.find(([pattern]) => pattern.test(action))?.[1];
  return `apigateway:${method ?? action}`;
}

const WRITES: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/** A transaction needs what each of its items would need alone; the call's resources are in the items' order. */
function writes({ input, resources }: Call): Permission[] {
  return listOf(input['TransactItems']).flatMap((item, index) =>
    Object.keys(item).flatMap((kind) => {
      const action = WRITES[kind];
      return action === undefined ? [] : [{ action, resource: resources[index] ?? '*' }];
    }),
  );
}

/** A session with tags or a source identity needs leave for these too. [documented: IAM User Guide, "Session tags"] */
function sessionActions({ input, resources }: Call, name: string): Permission[] {
  if (name !== 'sts:AssumeRole') return [];
  const actions = [
    ...(listOf(input['Tags']).length > 0 ? ['sts:TagSession'] : []),
    ...(input['SourceIdentity'] === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  return actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
}

type Roles = (input: JsonObject, call: Call) => unknown[];

/** The calls that give a role to a service, and where the role stands in them. */
const PASSES: Readonly<Record<string, readonly [service: string, roles: Roles]>> = {
  'apigateway:CreateIntegration': ['apigateway.amazonaws.com', (input) => [input['CredentialsArn']]],
  'apigateway:UpdateIntegration': ['apigateway.amazonaws.com', (input) => [input['CredentialsArn']]],
  'events:PutRule': ['events.amazonaws.com', (input) => [input['RoleArn']]],
  'events:PutTargets': ['events.amazonaws.com', (input) => listOf(input['Targets']).map((each) => each['RoleArn'])],
  'lambda:CreateFunction': ['lambda.amazonaws.com', (input) => [input['Role']]],
  'lambda:UpdateFunctionConfiguration': ['lambda.amazonaws.com', (input) => [input['Role']]],
  'ssm:SendCommand': ['ssm.amazonaws.com', (input) => [input['ServiceRoleArn']]],
  'states:CreateStateMachine': ['states.amazonaws.com', (input) => [input['roleArn']]],
  'states:UpdateStateMachine': ['states.amazonaws.com', (input) => [input['roleArn']]],
  'iam:AddRoleToInstanceProfile': ['ec2.amazonaws.com', roleByName],
};

function roleByName({ RoleName }: JsonObject, { caller }: Call): string[] {
  return [`arn:${caller.partition}:iam::${caller.accountId}:role/${String(RoleName)}`];
}

/** `iam:PassRole` for each role that a call gives to a service. */
export function passedRoles(
  call: Call,
  name: string,
  roleOfProfile: (name: string) => string | undefined,
): Permission[] {
  const [service, roles] = PASSES[name] ?? [];
  const given =
    name === 'ec2:RunInstances' ? [profileRole(call.input, roleOfProfile)] : (roles?.(call.input, call) ?? []);
  const passedToService = service ?? 'ec2.amazonaws.com';
  return given.flatMap((resource) =>
    typeof resource === 'string' ? [{ action: 'iam:PassRole', resource, passedToService }] : [],
  );
}

function profileRole(input: JsonObject, roleOfProfile: (name: string) => string | undefined): string | undefined {
  const profile = input['IamInstanceProfile'];
  if (!isJsonObject(profile)) return undefined;
  const { Name, Arn } = profile;
  const name = typeof Name === 'string' ? Name : typeof Arn === 'string' ? Arn.slice(Arn.lastIndexOf('/') + 1) : '';
  return roleOfProfile(name);
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
