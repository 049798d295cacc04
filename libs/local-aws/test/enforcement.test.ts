import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anonymousOf, roleCaller, serviceCaller } from '../src/kernel/caller.ts';
import type { ObservedDecision } from '../src/kernel/observers.ts';
import type { ActionName, Caller, JsonObject } from '../src/kernel/service.ts';
import { createLocalAws, type LocalAws } from '../src/local-aws.ts';
import { refusalOf } from './refusal-of.ts';

const ACCOUNT = '123456789012';
const WORKER = `arn:aws:iam::${ACCOUNT}:role/app/worker`;
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:orders`;
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:news`;
const SEND = { QueueUrl: `http://127.0.0.1/${ACCOUNT}/orders`, MessageBody: 'hello' };

const document = (...Statement: JsonObject[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*', more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const trust = (Principal: JsonObject, more: JsonObject = {}): string =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });

let aws: LocalAws;
let worker: Caller;
let decisions: ObservedDecision[];
beforeEach(async () => {
  aws = createLocalAws({ clock: 'manual', iam: 'on' });
  decisions = [];
  aws.observe({ decision: (decision) => decisions.push(decision) });
  await aws.call('iam:CreateRole', {
    RoleName: 'worker',
    Path: '/app/',
    AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }),
  });
  await aws.call('sqs:CreateQueue', { QueueName: 'orders' });
  worker = roleCaller(aws.world, WORKER, 'w-1');
});
afterEach(() => aws.close());

const grant = (...statements: JsonObject[]): Promise<JsonObject> =>
  aws.call('iam:PutRolePolicy', { RoleName: 'worker', PolicyName: 'p', PolicyDocument: document(...statements) });
const as = (caller: Caller, action: ActionName, input: JsonObject): Promise<JsonObject> =>
  aws.world.call(caller, action, input);
const refused = (caller: Caller, action: ActionName, input: JsonObject): Promise<string> =>
  refusalOf(as(caller, action, input));

describe('a role', () => {
  test('may do nothing that no policy allows', async () => {
    expect(await refused(worker, 'sqs:SendMessage', SEND)).toBe(
      `AccessDenied: User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/w-1 is not authorized to perform: sqs:SendMessage ` +
        `on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
    );
  });

  test('may do what its inline policy allows, and the decision names the statement', async () => {
    await grant(allow('sqs:ReceiveMessage'), allow('sqs:SendMessage', QUEUE, { Sid: 'Send' }));
    await as(worker, 'sqs:SendMessage', SEND);
    const statement = { type: 'identity', policy: 'worker/p', index: 1, sid: 'Send' };
    expect(decisions).toMatchObject([
      { action: 'sqs:SendMessage', resource: QUEUE, allowed: true, gates: [[statement]] },
    ]);
  });

  test('may do what a managed policy allows, by the version that counts, within its boundary', async () => {
    const { Policy } = await aws.call('iam:CreatePolicy', {
      PolicyName: 'send',
      PolicyDocument: document(allow('sqs:SendMessage', QUEUE)),
    });
    const { Arn: PolicyArn } = Policy as { Arn: string };
    await aws.call('iam:AttachRolePolicy', { RoleName: 'worker', PolicyArn });
    await as(worker, 'sqs:SendMessage', SEND);
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
    await aws.call('iam:PutRolePermissionsBoundary', { RoleName: 'worker', PermissionsBoundary });
    expect(await refused(worker, 'sqs:SendMessage', SEND)).toContain('because no permissions boundary allows the');
    await aws.call('iam:DeleteRolePermissionsBoundary', { RoleName: 'worker' });
    await aws.call('iam:CreatePolicyVersion', {
      PolicyArn,
      PolicyDocument: document({ Effect: 'Deny', Action: 'sqs:*', Resource: '*' }),
      SetAsDefault: true,
    });
    expect(await refused(worker, 'sqs:SendMessage', SEND)).toContain(
      'with an explicit deny in an identity-based policy',
    );
  });

  test('that is gone may do nothing', async () => {
    await aws.call('iam:DeleteRole', { RoleName: 'worker' });
    expect(await refused(worker, 'sqs:SendMessage', SEND)).toContain('because no identity-based policy allows');
  });

  test('is asked for the permission of the single message where it sends a batch', async () => {
    await grant(allow('sqs:SendMessage', QUEUE));
    const Entries = [{ Id: '1', MessageBody: 'a' }];
    await as(worker, 'sqs:SendMessageBatch', { QueueUrl: SEND.QueueUrl, Entries });
  });

  test('is refused by a condition key that nobody knows, which is named', async () => {
    await grant(allow('sqs:SendMessage', QUEUE, { Condition: { StringEquals: { 'sqs:Odd': 'x' } } }));
    expect(await refused(worker, 'sqs:SendMessage', SEND)).toContain('does not know the condition keys sqs:Odd');
  });
});

describe('what is passed to a service', () => {
  const machine = {
    name: 'm',
    definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }),
    roleArn: WORKER,
  };
  test('needs iam:PassRole for that service', async () => {
    const pass = (service: string): JsonObject =>
      allow('iam:PassRole', WORKER, { Condition: { StringEquals: { 'iam:PassedToService': service } } });
    await grant(allow('states:CreateStateMachine'), pass('lambda.amazonaws.com'));
    expect(await refused(worker, 'states:CreateStateMachine', machine)).toContain(
      `perform: iam:PassRole on resource: ${WORKER} because no identity-based policy allows the iam:PassRole action`,
    );
    await grant(allow('states:CreateStateMachine'), pass('states.amazonaws.com'));
    await aws.call('iam:UpdateAssumeRolePolicy', {
      RoleName: 'worker',
      PolicyDocument: trust({ Service: 'states.amazonaws.com' }),
    });
    await as(worker, 'states:CreateStateMachine', machine);
  });
});

describe('a role that is given to a service', () => {
  const made = {
    FunctionName: 'print',
    Runtime: 'nodejs22.x',
    Handler: 'main.handler',
    Code: { ZipFile: zipSync({ 'main.mjs': strToU8('export const handler = async () => console.log("printed");') }) },
  };
  const createTrusting = (RoleName: string, Service: string): Promise<JsonObject> =>
    aws.call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: trust({ Service }) });
  const lines = (): string => JSON.stringify(aws.logs.lines('/aws/lambda/print'));

  test('must trust the service, whoever gives it', async () => {
    await createTrusting('of-ec2', 'ec2.amazonaws.com');
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/of-ec2`;
    const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
    expect(await refusalOf(aws.call('lambda:CreateFunction', { ...made, Role: roleArn }))).toBe(
      'InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.',
    );
    expect(await refusalOf(aws.call('states:CreateStateMachine', { name: 'm', definition, roleArn }))).toContain(
      'AccessDeniedException: Neither the global service principal states.amazonaws.com',
    );
    expect(
      await refusalOf(
        aws.call('events:PutRule', { Name: 'r', ScheduleExpression: 'rate(1 minute)', RoleArn: roleArn }),
      ),
    ).toContain("cannot be assumed by principal 'events.amazonaws.com'");
  });

  test('writes the logs of its function, or else they are lost', async () => {
    await aws.call('logs:CreateLogGroup', { logGroupName: '/aws/lambda/print' });
    await aws.call('lambda:CreateFunction', { ...made, Role: WORKER });
    await aws.call('lambda:Invoke', { FunctionName: 'print' });
    expect(lines()).toBe('[]');
    const streams = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/lambda/print:log-stream:*`;
    await grant(allow(['logs:CreateLogStream', 'logs:PutLogEvents'], streams));
    await aws.call('lambda:Invoke', { FunctionName: 'print' });
    expect(lines()).toContain('printed');
  });
});

describe('a bucket', () => {
  const object = { Bucket: 'artifacts', Key: 'a' };
  beforeEach(async () => {
    await aws.call('s3:CreateBucket', { Bucket: 'artifacts' });
    await aws.call('s3:PutObject', { ...object, Body: strToU8('x') });
  });

  test('is asked by the names that IAM has for its actions', async () => {
    await grant(allow(['s3:GetObject', 's3:ListBucket', 's3:PutEncryptionConfiguration']));
    await as(worker, 's3:HeadObject', object);
    await as(worker, 's3:ListObjectsV2', { Bucket: 'artifacts' });
    await as(worker, 's3:DeleteBucketEncryption', { Bucket: 'artifacts' });
    expect(await refused(worker, 's3:DeletePublicAccessBlock', { Bucket: 'artifacts' })).toContain(
      'perform: s3:PutBucketPublicAccessBlock on resource: arn:aws:s3:::artifacts',
    );
  });

  test('may be listed below a prefix alone', async () => {
    await grant(allow('s3:ListBucket', '*', { Condition: { StringLike: { 's3:prefix': 'a*' } } }));
    await as(worker, 's3:ListObjectsV2', { Bucket: 'artifacts', Prefix: 'a/' });
    expect(await refused(worker, 's3:ListObjectsV2', { Bucket: 'artifacts' })).toMatch(
      /allows the s3:ListBucket action$/,
    );
  });

  test('denies by its own policy', async () => {
    await grant(allow('s3:*'));
    const Deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::artifacts/*' };
    await aws.call('s3:PutBucketPolicy', { Bucket: 'artifacts', Document: document(Deny) });
    expect(await refused(worker, 's3:GetObject', object)).toContain('with an explicit deny in a resource-based policy');
  });
});

test('tags of state machines, documents and log groups count', async () => {
  const tagged = allow('*', '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } } });
  await grant(tagged);
  await aws.call('logs:CreateLogGroup', { logGroupName: 'g', tags: { team: 'a' } });
  await aws.call('logs:CreateLogGroup', { logGroupName: 'h', tags: { team: 'b' } });
  await as(worker, 'logs:DeleteLogGroup', { logGroupName: 'g' });
  expect(await refused(worker, 'logs:DeleteLogGroup', { logGroupName: 'h' })).toContain('logs:DeleteLogGroup');
  const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
  await aws.call('iam:UpdateAssumeRolePolicy', {
    RoleName: 'worker',
    PolicyDocument: trust({ Service: 'states.amazonaws.com' }),
  });
  const { stateMachineArn } = await aws.call('states:CreateStateMachine', {
    name: 'm',
    definition,
    roleArn: WORKER,
    tags: [{ key: 'team', value: 'a' }],
  });
  await as(worker, 'states:DescribeStateMachine', { stateMachineArn });
});

describe('a queue', () => {
  const source = { ArnEquals: { 'aws:SourceArn': TOPIC }, StringEquals: { 'aws:SourceAccount': ACCOUNT } };
  const setPolicy = (statement: JsonObject): Promise<JsonObject> =>
    aws.call('sqs:SetQueueAttributes', {
      QueueUrl: SEND.QueueUrl,
      Attributes: { Policy: document({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE, ...statement }) },
    });

  test('takes messages of a topic that its policy names, and of no other', async () => {
    const topic = (arn: string): Caller => serviceCaller(aws.world, 'sns', arn);
    expect(await refused(topic(TOPIC), 'sqs:SendMessage', SEND)).toContain('because no resource-based policy allows');
    await setPolicy({ Principal: { Service: 'sns.amazonaws.com' }, Condition: source });
    await as(topic(TOPIC), 'sqs:SendMessage', SEND);
    expect(await refused(topic(`${TOPIC}2`), 'sqs:SendMessage', SEND)).toContain('because no resource-based policy');
  });

  test('opens itself to a role of its account without a policy of the role', async () => {
    await setPolicy({ Principal: { AWS: WORKER } });
    await as(worker, 'sqs:SendMessage', SEND);
    expect(decisions.at(-1)?.gates).toMatchObject([[{ type: 'resource', policy: QUEUE, index: 0 }]]);
  });

  test('with a policy that is none refuses everybody', async () => {
    await grant(allow('sqs:SendMessage'));
    await aws.call('sqs:SetQueueAttributes', { QueueUrl: SEND.QueueUrl, Attributes: { Policy: '{"Statement":1}' } });
    expect(await refused(worker, 'sqs:SendMessage', SEND)).toContain(
      'with an explicit deny in a resource-based policy',
    );
  });
});

describe('a topic of whose policy nothing was said', () => {
  test('is for those whom their own policies allow', async () => {
    await aws.call('sns:CreateTopic', { Name: 'news' });
    const publish = { TopicArn: TOPIC, Message: 'm' };
    expect(await refused(worker, 'sns:Publish', publish)).toMatch(/^AuthorizationError: .*no identity-based policy/);
    await grant(allow('sns:Publish', TOPIC));
    await as(worker, 'sns:Publish', publish);
  });
});

test('the link of a mail confirms a subscription, and nobody else may without a signature', async () => {
  await aws.listen();
  await aws.call('sns:CreateTopic', { Name: 'news' });
  await aws.call('sns:Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'ann@example.com' });
  expect((await fetch(aws.sns.outbox[0]?.confirmUrl ?? '')).status).toBe(200);
  expect(await refused(anonymousOf(aws.world), 'sns:Publish', { TopicArn: TOPIC, Message: 'm' })).toContain(
    'User: * is not authorized to perform: sns:Publish',
  );
});

describe('a key', () => {
  const DELEGATE = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const create = async (Policy: string): Promise<string> => {
    const made = await aws.call('kms:CreateKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', Policy });
    const { KeyId } = made['KeyMetadata'] as { KeyId: string };
    await aws.call('kms:CreateAlias', { AliasName: 'alias/links', TargetKeyId: KeyId });
    return KeyId;
  };
  const sign = (KeyId: string): JsonObject => ({
    KeyId,
    Message: Buffer.from('m').toString('base64'),
    MacAlgorithm: 'HMAC_SHA_256',
  });
  const any = `arn:aws:kms:us-east-1:${ACCOUNT}:key/*`;

  test('needs its own policy, whatever IAM says', async () => {
    const id = await create(document({ ...DELEGATE, Action: 'kms:Describe*' }));
    await grant(allow('kms:GenerateMac', any));
    expect(await refused(worker, 'kms:GenerateMac', sign(id))).toContain('because no resource-based policy allows');
  });

  test('may leave it to IAM, which may go by the alias', async () => {
    const id = await create(document(DELEGATE));
    const byAlias = (name: string): JsonObject =>
      allow('kms:GenerateMac', any, { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': name } } });
    await grant(byAlias('alias/others'));
    expect(await refused(worker, 'kms:GenerateMac', sign(id))).toContain('because no identity-based policy allows');
    await grant(byAlias('alias/links'));
    await as(worker, 'kms:GenerateMac', sign(id));
    expect(await as(worker, 'kms:GenerateMac', sign('alias/links'))).toHaveProperty('Mac');
  });
});

describe('assuming a role', () => {
  const operator = `arn:aws:iam::${ACCOUNT}:role/operator`;
  const assume = { RoleArn: operator, RoleSessionName: 'ann' };
  const create = (AssumeRolePolicyDocument: string): Promise<JsonObject> =>
    aws.call('iam:CreateRole', { RoleName: 'operator', AssumeRolePolicyDocument });

  test('takes its trust', async () => {
    await create(trust({ Service: 'ec2.amazonaws.com' }));
    await grant(allow('sts:AssumeRole'));
    expect(await refused(worker, 'sts:AssumeRole', assume)).toContain('because no role trust policy allows');
  });

  test('takes leave of IAM too where the account is trusted', async () => {
    await create(trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }));
    expect(await refused(worker, 'sts:AssumeRole', assume)).toContain('because no identity-based policy allows');
    await grant(allow('sts:AssumeRole', operator));
    await as(worker, 'sts:AssumeRole', assume);
  });

  test('with an external id, a tag and a session policy', async () => {
    const given = { StringEquals: { 'sts:ExternalId': '77', 'aws:RequestTag/team': 'a' } };
    await create(
      document(
        { Effect: 'Allow', Principal: { AWS: WORKER }, Action: 'sts:AssumeRole', Condition: given },
        { Effect: 'Allow', Principal: { AWS: WORKER }, Action: 'sts:TagSession' },
      ),
    );
    await aws.call('iam:PutRolePolicy', {
      RoleName: 'operator',
      PolicyName: 'all',
      PolicyDocument: document(allow('sqs:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } })),
    });
    const Tags = [{ Key: 'team', Value: 'a' }];
    expect(await refused(worker, 'sts:AssumeRole', { ...assume, Tags })).toContain('no role trust policy');
    const { Credentials } = await as(worker, 'sts:AssumeRole', {
      ...assume,
      Tags,
      ExternalId: '77',
      Policy: document(allow('sqs:SendMessage')),
    });
    const principal = aws.world.credentials.resolve((Credentials as { AccessKeyId: string }).AccessKeyId);
    const session = { ...worker, principalArn: principal?.arn ?? '', ...(principal?.role && { role: principal.role }) };
    await as(session, 'sqs:SendMessage', SEND);
    expect(await refused(session, 'sqs:PurgeQueue', SEND)).toContain('because no session policy allows');
  });
});

describe('hosts', () => {
  test('take commands of those who may send to their tags', async () => {
    const document = 'arn:aws:ssm:us-east-1:123456789012:document/run';
    await aws.hosts.launch({ instanceId: 'i-0123456789abcdef0', roleName: 'worker', tags: { baton: 'a' } });
    await aws.call('ssm:CreateDocument', {
      Name: 'run',
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
      Content: JSON.stringify({
        schemaVersion: '2.2',
        mainSteps: [{ action: 'aws:runShellScript', name: 'x', inputs: { runCommand: ['true'] } }],
      }),
    });
    const tagged = (value: string): JsonObject =>
      allow('ssm:SendCommand', 'arn:aws:ec2:us-east-1:123456789012:instance/*', {
        Condition: { StringEquals: { 'aws:ResourceTag/baton': value } },
      });
    const command = { DocumentName: 'run', InstanceIds: ['i-0123456789abcdef0'] };
    await grant(allow('ssm:SendCommand', document), tagged('b'));
    expect(await refused(worker, 'ssm:SendCommand', command)).toMatch(/^AccessDeniedException: .*instance\/i-0123/);
    await grant(allow('ssm:SendCommand', document), tagged('a'));
    await as(worker, 'ssm:SendCommand', command);
  });
});

test('the root user passes unasked, as do keys that are not known', async () => {
  await aws.call('sqs:SendMessage', SEND);
  expect(decisions).toEqual([]);
});
