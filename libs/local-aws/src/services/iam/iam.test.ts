import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject, Service } from '../../kernel/service.ts';
import { createIam } from './iam.ts';

let world: TestWorld;
let iam: Service;
beforeEach(() => {
  world = createTestWorld();
  iam = createIam(world.world);
});
afterEach(() => world.close());

const create = (more: JsonObject = {}): Promise<JsonObject> =>
  act(iam, 'CreateRole', { RoleName: 'hosts', AssumeRolePolicyDocument: '{}', ...more });

test('a role is shown as IAM shows it', async () => {
  const Tags = [{ Key: 'team', Value: 'a' }];
  const { Role } = await create({ Path: '/baton/', Description: 'Of hosts.', MaxSessionDuration: '7200', Tags });
  expect(Role).toMatchObject({
    Arn: 'arn:aws:iam::123456789012:role/baton/hosts',
    AssumeRolePolicyDocument: '%7B%7D',
    CreateDate: '2026-01-01T00:00:00.000Z',
    MaxSessionDuration: 7200,
    Tags,
  });
  expect(await act(iam, 'GetRole', { RoleName: 'hosts' })).toEqual({ Role });
  expect(await act(iam, 'ListRoles')).toEqual({ Roles: [Role], IsTruncated: false });
  await act(iam, 'DeleteRole', { RoleName: 'hosts' });
  expect(await act(iam, 'ListRoles')).toMatchObject({ Roles: [] });
});

test('policies are put, attached, shown and taken away', async () => {
  await create();
  const policy = { RoleName: 'hosts', PolicyName: 'send' };
  await act(iam, 'PutRolePolicy', { ...policy, PolicyDocument: '{"Statement":[]}' });
  const shown = await act(iam, 'GetRolePolicy', policy);
  expect(shown).toEqual({ ...policy, PolicyDocument: encodeURIComponent('{"Statement":[]}') });
  const managed = { RoleName: 'hosts', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore' };
  await act(iam, 'AttachRolePolicy', managed);
  expect(await act(iam, 'ListAttachedRolePolicies', { RoleName: 'hosts' })).toMatchObject({
    AttachedPolicies: [{ PolicyName: 'AmazonSSMManagedInstanceCore', PolicyArn: managed.PolicyArn }],
  });
  await act(iam, 'DetachRolePolicy', managed);
  await act(iam, 'DeleteRolePolicy', policy);
  expect(await act(iam, 'ListRolePolicies', { RoleName: 'hosts' })).toMatchObject({ PolicyNames: [] });
});

test.each<[string, string, JsonObject, string]>([
  [
    'a role twice',
    'CreateRole',
    { RoleName: 'hosts', AssumeRolePolicyDocument: '{}' },
    'EntityAlreadyExists: Role with',
  ],
  ['an unknown role', 'GetRole', { RoleName: 'x' }, 'NoSuchEntity: The role with name x cannot be found.'],
  ['an unknown policy', 'GetRolePolicy', { RoleName: 'hosts', PolicyName: 'x' }, 'NoSuchEntity: The role policy'],
  ['no name', 'GetRole', {}, "ValidationError: 1 validation error detected: Value null at 'roleName'"],
  ['a bad name', 'GetRole', { RoleName: 'a b' }, "ValidationError: 1 validation error detected: Value 'a b'"],
])('%s is refused', async (_, action, input, refusal) => {
  await create();
  expect(await refusalOf(act(iam, action, input))).toContain(refusal);
});

test('an action names its role, with the path where it is known', async () => {
  await create({ Path: '/baton/' });
  const resources = (action: string, input: JsonObject) => iam.actions[action]?.prepare(input, ROOT).resources;
  expect(resources('GetRole', { RoleName: 'hosts' })).toEqual(['arn:aws:iam::123456789012:role/baton/hosts']);
  expect(resources('GetRole', { RoleName: 'x' })).toEqual(['arn:aws:iam::123456789012:role/x']);
  expect(resources('ListRoles', {})).toEqual(['*']);
});
