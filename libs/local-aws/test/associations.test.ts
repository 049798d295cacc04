/** A document that reaches hosts by an association: fetched from S3 by the host, with its own rights, and run there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '../src/index.ts';
import type { JsonObject } from '../src/kernel/service.ts';

const HOST = 'i-0123456789abcdef0';
const LATER = 'i-0123456789abcdef1';
const OTHER = 'i-0123456789abcdef2';
const TARGETS = [{ Key: 'tag:baton', Values: ['a'] }];
const place = '{"path":"https://s3.us-east-1.amazonaws.com/releases/v1/tool.txt"}';

const allow = (Action: string, Resource: string): JsonObject => ({ Effect: 'Allow', Action, Resource });
const RIGHTS = [
  allow('ssm:GetDocument', 'arn:aws:ssm:us-east-1:123456789012:document/install'),
  { ...allow('s3:ListBucket', 'arn:aws:s3:::releases'), Condition: { StringLike: { 's3:prefix': ['v1/*'] } } },
  allow('s3:GetObject', 'arn:aws:s3:::releases/v1/*'),
];

let aws: LocalAws;
const grant = (Statement: readonly JsonObject[]) =>
  aws.call('iam:PutRolePolicy', {
    RoleName: 'host',
    PolicyName: 'install',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });

beforeEach(async () => {
  aws = createLocalAws({ iam: 'on' });
  await aws.listen();
  await aws.call('s3:CreateBucket', { Bucket: 'releases' });
  await aws.call('s3:PutObject', { Bucket: 'releases', Key: 'v1/tool.txt', Body: Buffer.from('a tool') });
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
  });
  await aws.call('iam:CreateRole', { RoleName: 'host', AssumeRolePolicyDocument });
  await grant(RIGHTS);
  await aws.call('ssm:CreateDocument', { Name: 'install', Content: content('cat "$BATON_HOST_FOLDER/{{ place }}"') });
});
afterEach(() => aws.close());

const content = (line: string): string =>
  JSON.stringify({
    schemaVersion: '2.2',
    parameters: { place: { type: 'String', default: 'opt/tool.txt' } },
    mainSteps: [
      {
        action: 'aws:downloadContent',
        name: 'download',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { sourceType: 'S3', sourceInfo: place, destinationPath: '/{{ place }}' },
        onFailure: 'exit',
      },
      {
        action: 'aws:runShellScript',
        name: 'elsewhere',
        precondition: { StringEquals: ['platformType', 'Windows'] },
        inputs: { runCommand: ['exit 7'] },
      },
      {
        action: 'aws:runShellScript',
        name: 'install',
        inputs: { runCommand: [line, 'echo >> $BATON_HOST_FOLDER/runs'] },
      },
    ],
  });

const launch = (instanceId: string, environment: Record<string, string> = {}) =>
  aws.hosts.launch({ instanceId, roleName: 'host', tags: { baton: instanceId === OTHER ? 'b' : 'a' }, environment });

async function associate(more: JsonObject = {}): Promise<string> {
  const made = await aws.call('ssm:CreateAssociation', { Name: 'install', Targets: TARGETS, ...more });
  return String((made['AssociationDescription'] as JsonObject)['AssociationId']);
}

/** What became of it on the host, once that is known. */
async function endOn(InstanceId: string, version = '1'): Promise<JsonObject | undefined> {
  for (;;) {
    const all = await aws.call('ssm:DescribeInstanceAssociationsStatus', { InstanceId });
    const [found] = all['InstanceAssociationStatusInfos'] as JsonObject[];
    if (found === undefined) return undefined;
    if (found['Status'] !== 'Pending' && found['AssociationVersion'] === version) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const on = (instanceId: string, path: string): string => join(aws.hosts.get(instanceId)?.folder ?? '', path);
const runsOn = (instanceId: string): number => readFileSync(on(instanceId, 'runs'), 'utf8').length;

describe('an association', () => {
  it('reaches the hosts that its targets name, those that run and those that come later, once', async () => {
    for (const id of [HOST, OTHER]) await launch(id);
    const AssociationId = await associate();
    expect(await endOn(HOST)).toMatchObject({ Status: 'Success', Name: 'install', AssociationId });
    await launch(LATER);
    expect(await endOn(LATER)).toMatchObject({ Status: 'Success' });
    expect(await endOn(OTHER)).toBeUndefined();
    await aws.hosts.reboot(HOST);
    await aws.activity.idle();
    expect(runsOn(HOST)).toBe(1);
    expect(readFileSync(on(HOST, 'opt/tool.txt'), 'utf8')).toBe('a tool');
    expect(await aws.call('ssm:DescribeAssociation', { AssociationId })).toMatchObject({
      AssociationDescription: { Overview: { Status: 'Success', AssociationStatusAggregatedCount: { Success: 2 } } },
    });
  });

  it('runs again when it is changed, with its new parameters', async () => {
    await launch(HOST);
    const AssociationId = await associate();
    await endOn(HOST);
    await aws.call('ssm:UpdateAssociation', { AssociationId, Targets: TARGETS, Parameters: { place: ['srv/tool'] } });
    expect(await endOn(HOST, '2')).toMatchObject({ Status: 'Success' });
    expect(existsSync(on(HOST, 'srv/tool'))).toBe(true);
  });

  it('that failed is tried again at the next boot', async () => {
    await launch(HOST);
    await aws.call('s3:DeleteObject', { Bucket: 'releases', Key: 'v1/tool.txt' });
    await associate();
    expect(await endOn(HOST)).toMatchObject({ Status: 'Failed' });
    await aws.call('s3:PutObject', { Bucket: 'releases', Key: 'v1/tool.txt', Body: Buffer.from('again') });
    await aws.hosts.reboot(HOST);
    expect(await endOn(HOST)).toMatchObject({ Status: 'Success' });
  });

  it.each<[string, () => Promise<unknown>, Record<string, string>, RegExp]>([
    [
      'the object is not there',
      () => aws.call('s3:DeleteObject', { Bucket: 'releases', Key: 'v1/tool.txt' }),
      {},
      /there is no object s3:\/\/releases\/v1\/tool\.txt/,
    ],
    ['the host may not read it', () => grant(RIGHTS.slice(0, 2)), {}, /AccessDenied/],
    ['the host may not list it', () => grant([RIGHTS[0]!, RIGHTS[2]!]), {}, /AccessDenied/],
    ['the host may not read the document', () => grant(RIGHTS.slice(1)), {}, /ssm:GetDocument/],
    [
      'S3 is out of reach',
      () => Promise.resolve(),
      { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
      /http:\/\/127\.0\.0\.1:9 is out of reach, from where s3:\/\/releases\/v1\/tool\.txt/,
    ],
  ])('says so where %s, and nothing of it stays', async (_, spoil, environment, words) => {
    await spoil();
    await launch(HOST, environment);
    const AssociationId = await associate();
    expect(await endOn(HOST)).toMatchObject({
      Status: 'Failed',
      ExecutionSummary: expect.stringMatching(words) as string,
    });
    expect(await aws.call('ssm:DescribeAssociation', { AssociationId })).toMatchObject({
      AssociationDescription: {
        Overview: { Status: 'Failed' },
        Status: { Name: 'Failed', Message: expect.stringMatching(words) as string },
      },
    });
    expect([existsSync(on(HOST, 'opt/tool.txt')), existsSync(on(HOST, 'runs'))]).toEqual([false, false]);
  });

  it('writes what it downloads into the folder of the host alone', async () => {
    await launch(HOST);
    await associate({ Parameters: { place: ['../../../../../../../../../../../../tmp/escaped-from-a-host'] } });
    await endOn(HOST);
    expect(existsSync('/tmp/escaped-from-a-host')).toBe(false);
  });
});
