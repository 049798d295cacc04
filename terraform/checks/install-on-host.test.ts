/**
 * The install document, as it is, on a host of the local AWS: an association brings it, the host fetches the archive from S3 with the rights of
 * its role, and nothing is written outside the host's folder.
 */
import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packTar } from '../artifacts/tar.ts';

const HOST = 'i-0123456789abcdef0';
const PLACES = ['/etc', '/opt', '/usr/local', '/var/lib'];
const template = readFileSync(
  fileURLToPath(new URL('../modules/ec2-worker/install-document.json', import.meta.url)),
  'utf8',
);
const program = '#!/bin/sh\necho installed\n';
const archive = gzipSync(packTar([{ name: 'ec2-agent-notifier', content: Buffer.from(program), executable: true }]));
const sha256 = createHash('sha256').update(archive).digest('hex');

function documentFor(expected: string): string {
  const variables: Record<string, string> = {
    url: 'https://s3.us-east-1.amazonaws.com/releases/notifier.tar.gz',
    sha256: expected,
    endpoint: 'https://baton.example',
    node_path: process.execPath,
  };
  return template.replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name] ?? '');
}

let aws: LocalAws;
let scratch: string;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'baton-install-on-host-'));
  aws = createLocalAws({ iam: 'on' });
  await aws.listen();
  await aws.call('s3:CreateBucket', { Bucket: 'releases' });
  await aws.call('s3:PutObject', { Bucket: 'releases', Key: 'notifier.tar.gz', Body: archive });
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const policy = (Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }];
  await aws.call('iam:CreateRole', { RoleName: 'host', AssumeRolePolicyDocument: policy(trust) });
  const rights = [
    allow('ssm:GetDocument', 'arn:aws:ssm:us-east-1:123456789012:document/install'),
    allow('s3:ListBucket', 'arn:aws:s3:::releases'),
    allow('s3:GetObject', 'arn:aws:s3:::releases/notifier.tar.gz'),
  ];
  await aws.call('iam:PutRolePolicy', { RoleName: 'host', PolicyName: 'install', PolicyDocument: policy(rights) });
});
afterEach(async () => {
  await aws.close();
  rmSync(scratch, { recursive: true });
});

/** Installs on a host, and waits for the end. @returns what the association says, the host's folder, and what was written outside of it */
async function install(expected: string, environment: Record<string, string> = {}, Parameters = {}) {
  const before = join(scratch, 'before');
  writeFileSync(before, '');
  const host = await aws.hosts.launch({ instanceId: HOST, roleName: 'host', tags: { baton: 'a' }, environment });
  await aws.call('ssm:CreateDocument', { Name: 'install', Content: documentFor(expected) });
  const Targets = [{ Key: 'tag:baton', Values: ['a'] }];
  await aws.call('ssm:CreateAssociation', { Name: 'install', Targets, Parameters });
  for (;;) {
    const found = await aws.call('ssm:DescribeInstanceAssociationsStatus', { InstanceId: HOST });
    const [status] = found['InstanceAssociationStatusInfos'] as { Status: string }[];
    if (status?.Status === 'Pending') {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    const written = execFileSync('find', [...PLACES, '-xdev', '-cnewer', before, '-ipath', '*baton*'], {
      encoding: 'utf8',
    });
    return { status, folder: host.folder, written };
  }
}

test.each([
  ['', ''],
  ['relative', 'disk'],
])('installs within the host’s folder, under a root that is %j', async (_, root) => {
  const { status, folder, written } = await install(sha256, {}, root === '' ? {} : { root: [root] });
  expect(status).toMatchObject({ Status: 'Success' });
  const installed = join(folder, root, 'usr/local/bin/ec2-agent-notifier');
  expect(execFileSync(installed, { encoding: 'utf8' })).toBe('installed\n');
  expect(written).toBe('');
});

test.each<[string, () => Promise<unknown>, string, Record<string, string>, RegExp]>([
  [
    'has another SHA-256',
    () => Promise.resolve(),
    '0'.repeat(64),
    {},
    /another SHA-256 than 0{64}: nothing was installed/,
  ],
  [
    'is missing',
    () => aws.call('s3:DeleteObject', { Bucket: 'releases', Key: 'notifier.tar.gz' }),
    sha256,
    {},
    /there is no object s3:\/\/releases\/notifier\.tar\.gz/,
  ],
  ['is out of reach', () => Promise.resolve(), sha256, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }, /out of reach/],
])(
  'an archive that %s: the association says so, and nothing half-installed stays',
  async (_, spoil, expected, environment, words) => {
    await spoil();
    const { status, folder, written } = await install(expected, environment);
    expect(status).toMatchObject({ Status: 'Failed', ExecutionSummary: expect.stringMatching(words) as string });
    expect(existsSync(join(folder, 'opt'))).toBe(false);
    expect(existsSync(join(folder, 'usr/local'))).toBe(false);
    const downloads = join(folder, 'var/lib/baton/download');
    expect(existsSync(downloads) ? readdirSync(downloads) : []).toEqual([]);
    expect(written).toBe('');
  },
);
