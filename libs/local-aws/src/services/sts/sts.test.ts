import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import type { Caller, JsonObject, Service } from '../../kernel/service.ts';
import { createSts } from './sts.ts';

const ROLE = 'arn:aws:iam::123456789012:role/ops/operator';
const SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
});

let world: TestWorld;
let sts: Service;
beforeEach(() => {
  world = createTestWorld();
  sts = createSts(world.world, (arn) => (arn === ROLE ? { maxSessionSeconds: 7200 } : undefined));
});
afterEach(() => world.close());

async function assume(more: JsonObject = {}, caller: Caller = ROOT): Promise<JsonObject> {
  const request = { RoleArn: ROLE, RoleSessionName: 'ann', ...more };
  return (await sts.actions['AssumeRole']?.prepare(request, caller).run()) ?? {};
}

/** Who calls with the credentials of a response. */
function sessionOf({ Credentials }: JsonObject): Caller {
  const { AccessKeyId } = Credentials as { AccessKeyId: string };
  const principal = world.world.credentials.resolve(AccessKeyId);
  if (principal?.role === undefined) throw new Error('No session');
  return { ...ROOT, principalArn: principal.arn, role: principal.role };
}

test('a session keeps what it was given: the role with its path, policies, tags and the source identity', async () => {
  const response = await assume({
    Policy: SESSION_POLICY,
    PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    Tags: [{ Key: 'team', Value: 'a' }],
    SourceIdentity: 'ann@example.com',
  });
  expect(response).toMatchObject({
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/operator/ann' },
    SourceIdentity: 'ann@example.com',
  });
  expect(sessionOf(response).role).toEqual({
    roleArn: ROLE,
    policies: [SESSION_POLICY],
    policyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    tags: { team: 'a' },
    transitiveTagKeys: [],
    sourceIdentity: 'ann@example.com',
  });
});

test('transitive tags and the source identity go on to the next session in a chain, and cannot be changed there', async () => {
  const Tags = [
    { Key: 'team', Value: 'a' },
    { Key: 'shift', Value: 'night' },
  ];
  const first = await assume({ Tags, TransitiveTagKeys: ['team'], SourceIdentity: 'ann' });
  const second = await assume({ Tags: [{ Key: 'team', Value: 'b' }], SourceIdentity: 'bob' }, sessionOf(first));
  expect(sessionOf(second).role).toMatchObject({
    tags: { team: 'a' },
    transitiveTagKeys: ['team'],
    sourceIdentity: 'ann',
  });
});

test.each<[string, JsonObject, string]>([
  [
    'longer than the role lets it',
    { DurationSeconds: '7201' },
    'ValidationError: The requested DurationSeconds exceeds the Max',
  ],
  ['with a policy that is none', { Policy: '{}' }, 'MalformedPolicyDocument: Syntax errors in policy.'],
  ['without a name', { RoleSessionName: undefined }, 'ValidationError: 1 validation error detected'],
])('a session %s is refused', async (_, more, refusal) => {
  expect(await refusalOf(assume(more))).toContain(refusal);
});

test('a session that a session has begun lasts an hour at most', async () => {
  const chained = assume({ DurationSeconds: '3601' }, sessionOf(await assume()));
  expect(await refusalOf(chained)).toContain('1 hour session limit for roles assumed by role chaining');
});
