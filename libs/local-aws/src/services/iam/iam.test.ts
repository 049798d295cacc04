import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject, Service } from '../../kernel/service.ts';
import { createIam } from './iam.ts';

const statement = (Effect: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action: 'sqs:SendMessage', Resource: '*' }] });
const ALLOW = statement('Allow');
const DENY = statement('Deny');
const trusting = (Service: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] });
const TRUST = trusting('ec2.amazonaws.com');
const PROFILE = { InstanceProfileName: 'hosts' };

let world: TestWorld;
let iam: Service;
beforeEach(() => {
  world = createTestWorld();
  iam = createIam(world.world);
});
afterEach(() => world.close());

const create = (more: JsonObject = {}): Promise<JsonObject> =>
  act(iam, 'CreateRole', { RoleName: 'hosts', AssumeRolePolicyDocument: TRUST, ...more });

test('a role is shown as IAM shows it', async () => {
  const Tags = [{ Key: 'team', Value: 'a' }];
  const { Role } = await create({ Path: '/baton/', Description: 'Of hosts.', MaxSessionDuration: '7200', Tags });
  expect(Role).toMatchObject({
    Arn: 'arn:aws:iam::123456789012:role/baton/hosts',
    AssumeRolePolicyDocument: encodeURIComponent(TRUST),
    CreateDate: '2026-01-01T00:00:00Z',
    MaxSessionDuration: 7200,
    Tags,
  });
  expect(await act(iam, 'GetRole', { RoleName: 'hosts' })).toEqual({ Role });
  const { Tags: _, ...listed } = Role as JsonObject;
  expect(await act(iam, 'ListRoles')).toEqual({ Roles: [listed], IsTruncated: false });
  await act(iam, 'DeleteRole', { RoleName: 'hosts' });
  expect(await act(iam, 'ListRoles')).toMatchObject({ Roles: [] });
});

test('policies are put, attached, shown and taken away', async () => {
  await create();
  const policy = { RoleName: 'hosts', PolicyName: 'send' };
  await act(iam, 'PutRolePolicy', { ...policy, PolicyDocument: ALLOW });
  const shown = await act(iam, 'GetRolePolicy', policy);
  expect(shown).toEqual({ ...policy, PolicyDocument: encodeURIComponent(ALLOW) });
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
    { RoleName: 'hosts', AssumeRolePolicyDocument: TRUST },
    'EntityAlreadyExists: Role with',
  ],
  ['an unknown role', 'GetRole', { RoleName: 'x' }, 'NoSuchEntity: The role with name x cannot be found.'],
  ['an unknown policy', 'GetRolePolicy', { RoleName: 'hosts', PolicyName: 'x' }, 'NoSuchEntity: The role policy'],
  [
    'a role that differs in case',
    'CreateRole',
    { RoleName: 'HOSTS', AssumeRolePolicyDocument: TRUST },
    'EntityAlready',
  ],
  ['text that is no policy', 'UpdateAssumeRolePolicy', { RoleName: 'hosts', PolicyDocument: 'x' }, 'MalformedPolicy'],
  [
    'an unknown managed policy',
    'AttachRolePolicy',
    { RoleName: 'hosts', PolicyArn: 'arn:aws:iam::aws:policy/Nope' },
    'NoSuchEntity: Policy arn:aws:iam::aws:policy/Nope does not exist or is not attachable.',
  ],
  ['a user', 'GetUser', { UserName: 'ann' }, 'NoSuchEntity: The user with name ann cannot be found.'],
  ['no name', 'GetRole', {}, "ValidationError: 1 validation error detected: Value null at 'roleName'"],
  ['a bad name', 'GetRole', { RoleName: 'a b' }, "ValidationError: 1 validation error detected: Value 'a b'"],
])('%s is refused', async (_, action, input, refusal) => {
  await create();
  expect(await refusalOf(act(iam, action, input))).toContain(refusal);
});

test('a role goes only when nothing holds it', async () => {
  await create();
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
  const held: [string, string, JsonObject, string][] = [
    ['PutRolePolicy', 'DeleteRolePolicy', { PolicyName: 'p', PolicyDocument: ALLOW }, 'delete policies'],
    ['AttachRolePolicy', 'DetachRolePolicy', { PolicyArn }, 'detach all policies'],
    ['AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile', PROFILE, 'remove roles from instance profile'],
  ];
  await act(iam, 'CreateInstanceProfile', PROFILE);
  for (const [hold, release, more, what] of held) {
    await act(iam, hold, { RoleName: 'hosts', ...more });
    expect(await refusalOf(act(iam, 'DeleteRole', { RoleName: 'hosts' }))).toBe(
      `DeleteConflict: Cannot delete entity, must ${what} first.`,
    );
    await act(iam, release, { RoleName: 'hosts', ...more });
  }
  await act(iam, 'DeleteRole', { RoleName: 'hosts' });
});

test('a role is changed', async () => {
  await create();
  const boundary = 'arn:aws:iam::123456789012:policy/bounds';
  await act(iam, 'UpdateRole', { RoleName: 'hosts', Description: 'New.', MaxSessionDuration: '4000' });
  await act(iam, 'UpdateAssumeRolePolicy', { RoleName: 'hosts', PolicyDocument: trusting('ssm.amazonaws.com') });
  await act(iam, 'PutRolePermissionsBoundary', { RoleName: 'hosts', PermissionsBoundary: boundary });
  await act(iam, 'TagRole', { RoleName: 'hosts', Tags: [{ Key: 'a', Value: '1' }] });
  expect(await act(iam, 'GetRole', { RoleName: 'hosts' })).toMatchObject({
    Role: {
      Description: 'New.',
      MaxSessionDuration: 4000,
      AssumeRolePolicyDocument: encodeURIComponent(trusting('ssm.amazonaws.com')),
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
      Tags: [{ Key: 'a', Value: '1' }],
    },
  });
  await act(iam, 'UntagRole', { RoleName: 'hosts', TagKeys: ['a'] });
  await act(iam, 'DeleteRolePermissionsBoundary', { RoleName: 'hosts' });
  expect((await act(iam, 'GetRole', { RoleName: 'hosts' }))['Role']).not.toHaveProperty('PermissionsBoundary');
});

test('a managed policy has up to five versions, of which one counts', async () => {
  const { Policy } = await act(iam, 'CreatePolicy', { PolicyName: 'send', Path: '/a/', PolicyDocument: ALLOW });
  const { Arn: PolicyArn } = Policy as { Arn: string };
  expect(Policy).toMatchObject({ Arn: 'arn:aws:iam::123456789012:policy/a/send', DefaultVersionId: 'v1' });
  for (let count = 2; count <= 5; count += 1) {
    await act(iam, 'CreatePolicyVersion', { PolicyArn, PolicyDocument: DENY, SetAsDefault: 'true' });
  }
  const sixth = act(iam, 'CreatePolicyVersion', { PolicyArn, PolicyDocument: DENY });
  expect(await refusalOf(sixth)).toContain('LimitExceeded: A managed policy can have up to 5 versions.');
  expect(await act(iam, 'GetPolicyVersion', { PolicyArn, VersionId: 'v5' })).toEqual({
    PolicyVersion: {
      Document: encodeURIComponent(DENY),
      VersionId: 'v5',
      IsDefaultVersion: true,
      CreateDate: '2026-01-01T00:00:00Z',
    },
  });
  expect(await refusalOf(act(iam, 'DeletePolicy', { PolicyArn }))).toContain('DeleteConflict: This policy has more');
  for (const VersionId of ['v1', 'v2', 'v3', 'v4']) await act(iam, 'DeletePolicyVersion', { PolicyArn, VersionId });
  expect(await act(iam, 'ListPolicyVersions', { PolicyArn })).toMatchObject({ Versions: [{ VersionId: 'v5' }] });
  await create();
  await act(iam, 'AttachRolePolicy', { RoleName: 'hosts', PolicyArn });
  expect(await act(iam, 'ListEntitiesForPolicy', { PolicyArn })).toMatchObject({
    PolicyRoles: [{ RoleName: 'hosts' }],
  });
  expect(await refusalOf(act(iam, 'DeletePolicy', { PolicyArn }))).toContain('DeleteConflict: Cannot delete a policy');
  await act(iam, 'DetachRolePolicy', { RoleName: 'hosts', PolicyArn });
  await act(iam, 'DeletePolicy', { PolicyArn });
  expect(await act(iam, 'ListPolicies', { Scope: 'Local' })).toMatchObject({ Policies: [] });
});

test('an instance profile holds one role', async () => {
  await create();
  await create({ RoleName: 'others' });
  await act(iam, 'CreateInstanceProfile', { ...PROFILE, Tags: [{ Key: 'a', Value: '1' }] });
  await act(iam, 'AddRoleToInstanceProfile', { ...PROFILE, RoleName: 'hosts' });
  const second = act(iam, 'AddRoleToInstanceProfile', { ...PROFILE, RoleName: 'others' });
  expect(await refusalOf(second)).toBe('LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
  expect(await act(iam, 'GetInstanceProfile', PROFILE)).toMatchObject({
    InstanceProfile: {
      Arn: 'arn:aws:iam::123456789012:instance-profile/hosts',
      Roles: [{ RoleName: 'hosts' }],
      Tags: [{ Key: 'a', Value: '1' }],
    },
  });
  expect(await act(iam, 'ListInstanceProfilesForRole', { RoleName: 'hosts' })).toMatchObject({
    InstanceProfiles: [{ InstanceProfileName: 'hosts' }],
  });
});

test('an identity provider and a service-linked role live and go', async () => {
  const { OpenIDConnectProviderArn } = await act(iam, 'CreateOpenIDConnectProvider', {
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
  });
  expect(OpenIDConnectProviderArn).toBe('arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com');
  expect(await act(iam, 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn })).toMatchObject({
    Url: 'token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
  });
  await act(iam, 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn });
  const { Role } = await act(iam, 'CreateServiceLinkedRole', { AWSServiceName: 'autoscaling.amazonaws.com' });
  const { RoleName } = Role as { RoleName: string };
  expect(RoleName).toBe('AWSServiceRoleForAutoScaling');
  const { DeletionTaskId } = await act(iam, 'DeleteServiceLinkedRole', { RoleName });
  expect(await act(iam, 'GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toEqual({ Status: 'SUCCEEDED' });
});

test('an action names its role, with the path where it is known', async () => {
  await create({ Path: '/baton/' });
  const resources = (action: string, input: JsonObject) => iam.actions[action]?.prepare(input, ROOT).resources;
  expect(resources('GetRole', { RoleName: 'hosts' })).toEqual(['arn:aws:iam::123456789012:role/baton/hosts']);
  expect(resources('GetRole', { RoleName: 'x' })).toEqual(['arn:aws:iam::123456789012:role/x']);
  expect(resources('ListRoles', {})).toEqual(['*']);
});
