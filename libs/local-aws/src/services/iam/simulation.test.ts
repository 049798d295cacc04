import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject, Service } from '../../kernel/service.ts';
import { createIam } from './iam.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:orders';
const ANN = 'arn:aws:iam::123456789012:user/ann';
const policy = (...Statement: JsonObject[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource: string, more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const SEND = { ActionNames: ['sqs:SendMessage'], ResourceArns: [QUEUE] };

let world: TestWorld;
let iam: Service;
beforeEach(() => {
  world = createTestWorld();
  iam = createIam(world.world);
});
afterEach(() => world.close());

interface Result {
  readonly EvalDecision: string;
  readonly [member: string]: unknown;
}
async function simulate(request: JsonObject): Promise<Result[]> {
  const { EvaluationResults } = await act(iam, 'SimulateCustomPolicy', request);
  return EvaluationResults as Result[];
}

describe('decides as the local AWS does', () => {
  interface Case {
    readonly name: string;
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccountId?: string;
    readonly context?: Readonly<Record<string, string | string[]>>;
    readonly policies: Readonly<Record<'resource' | 'boundary', object | undefined>> & {
      readonly identity?: readonly object[];
      readonly session?: unknown;
    };
    readonly decision: { readonly allowed: boolean; readonly because?: string };
    readonly unknownKeys?: unknown;
  }
  const cases = JSON.parse(
    readFileSync(new URL('../../kit/policy/cases/decisions.json', import.meta.url), 'utf8'),
  ) as Case[];
  // Session policies and keys that nobody knows are no part of a simulation, and roles with a path are named by their own ARN.
  const simulated = cases.filter(
    ({ policies, unknownKeys, principal }) =>
      policies.session === undefined && unknownKeys === undefined && /:user\/|:root$|^\w+\.amazonaws/.test(principal),
  );

  test.each(simulated)('$name', async (given) => {
    const { identity = [], boundary, resource } = given.policies;
    const [result] = await simulate({
      PolicyInputList: identity.map((each) => JSON.stringify(each)),
      PermissionsBoundaryPolicyInputList: boundary ? [JSON.stringify(boundary)] : [],
      ...(resource && { ResourcePolicy: JSON.stringify(resource) }),
      ...(given.resourceAccountId !== undefined && { ResourceOwner: given.resourceAccountId }),
      ActionNames: [given.action],
      ResourceArns: [given.resource],
      CallerArn: given.principal,
      ContextEntries: Object.entries(given.context ?? {}).map(([ContextKeyName, value]) => ({
        ContextKeyName,
        ContextKeyValues: [value].flat(),
        ContextKeyType: Array.isArray(value) ? 'stringList' : 'string',
      })),
    });
    const { allowed, because } = given.decision;
    const denied = because === 'explicit deny' ? 'explicitDeny' : 'implicitDeny';
    expect(result?.EvalDecision).toBe(allowed ? 'allowed' : denied);
  });

  test('there are such cases', () => expect(simulated.length).toBeGreaterThan(10));
});

test('each action is decided on each resource, and the statements that decided are named', async () => {
  const results = await simulate({
    PolicyInputList: [policy(allow('sqs:ReceiveMessage', '*')), policy(allow('sqs:Send*', QUEUE))],
    ActionNames: ['sqs:SendMessage', 'sqs:PurgeQueue'],
    ResourceArns: [QUEUE, `${QUEUE}2`],
  });
  expect(results.map(({ EvalDecision }) => EvalDecision)).toEqual([
    'allowed',
    'implicitDeny',
    'implicitDeny',
    'implicitDeny',
  ]);
  expect(results[0]).toMatchObject({
    EvalActionName: 'sqs:SendMessage',
    EvalResourceName: QUEUE,
    MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.2', SourcePolicyType: 'IAM Policy' }],
    ResourceSpecificResults: [{ EvalResourceName: QUEUE, EvalResourceDecision: 'allowed' }],
  });
});

test('a boundary says by itself what it allows', async () => {
  const [result] = await simulate({
    ...SEND,
    PolicyInputList: [policy(allow('sqs:*', '*'))],
    PermissionsBoundaryPolicyInputList: [policy(allow('sns:*', '*'))],
  });
  expect(result).toMatchObject({
    EvalDecision: 'implicitDeny',
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
  });
});

test('a policy of the resource in another account does not do without one of the caller', async () => {
  const opened = {
    ...SEND,
    ResourcePolicy: policy(allow('sqs:SendMessage', QUEUE, { Principal: { AWS: '999999999999' } })),
    CallerArn: 'arn:aws:iam::999999999999:user/bob',
  };
  const decided = async (PolicyInputList: string[]) =>
    (await simulate({ ...opened, PolicyInputList }))[0]?.EvalDecision;
  expect(await decided([policy(allow('sns:*', '*'))])).toBe('implicitDeny');
  expect(await decided([policy(allow('sqs:*', '*'))])).toBe('allowed');
});

test('what a policy asks for and nobody gave is missing, at the resource where one is named', async () => {
  const PolicyInputList = [
    policy(
      allow('sqs:*', 'arn:aws:sqs:*:*:${aws:username}', {
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a', 'aws:RequestedRegion': 'us-east-1' } },
      }),
    ),
  ];
  const ContextEntries = [
    { ContextKeyName: 'aws:requestedregion', ContextKeyValues: ['us-east-1'], ContextKeyType: 'string' },
  ];
  const missing = ['aws:PrincipalTag/team', 'aws:username'];
  const anywhere = await simulate({ PolicyInputList, ContextEntries, ActionNames: ['sqs:SendMessage'] });
  expect(anywhere).toMatchObject([{ EvalResourceName: '*', MissingContextValues: missing }]);
  const somewhere = await simulate({ ...SEND, PolicyInputList, ContextEntries });
  expect(somewhere).toMatchObject([
    { MissingContextValues: [], ResourceSpecificResults: [{ MissingContextValues: missing }] },
  ]);
  expect(await act(iam, 'GetContextKeysForCustomPolicy', { PolicyInputList })).toEqual({
    ContextKeyNames: ['aws:PrincipalTag/team', 'aws:RequestedRegion', 'aws:username'],
  });
});

test('a role is simulated with its own policies and its boundary', async () => {
  await act(iam, 'CreateRole', {
    RoleName: 'worker',
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
  });
  await act(iam, 'PutRolePolicy', {
    RoleName: 'worker',
    PolicyName: 'p',
    PolicyDocument: policy(allow('sqs:SendMessage', QUEUE)),
  });
  const request = { ...SEND, PolicySourceArn: 'arn:aws:iam::123456789012:role/worker' };
  const decided = async (): Promise<unknown> =>
    (await act(iam, 'SimulatePrincipalPolicy', request))['EvaluationResults'];
  expect(await decided()).toMatchObject([
    { EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'worker/p' }] },
  ]);
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
  await act(iam, 'PutRolePermissionsBoundary', { RoleName: 'worker', PermissionsBoundary });
  expect(await decided()).toMatchObject([{ EvalDecision: 'implicitDeny' }]);
});

test.each<[string, JsonObject, string]>([
  ['a policy that is none', { PolicyInputList: ['{}'] }, 'InvalidInput: Syntax errors in policy.'],
  ['an action with a wildcard', { ActionNames: ['sqs:*'] }, 'InvalidInput: sqs:* is no action'],
  ['a caller who is nobody', { CallerArn: 'ann' }, 'InvalidInput: ann is nobody who can ask'],
  [
    'a policy of the resource without a caller',
    { ResourcePolicy: policy(allow('sqs:*', '*', { Principal: '*' })) },
    'InvalidInput: A resource policy speaks of principals',
  ],
  ['an owner that is no account', { CallerArn: ANN, ResourceOwner: 'ann' }, 'InvalidInput: ResourceOwner ann'],
  [
    'a key of no type',
    { ContextEntries: [{ ContextKeyName: 'aws:username', ContextKeyValues: ['ann'], ContextKeyType: 'text' }] },
    'ValidationError: 1 validation error detected',
  ],
])('%s is refused', async (_what, more, refusal) => {
  const request = { ...SEND, PolicyInputList: [policy(allow('sqs:*', '*'))], ...more };
  expect(await refusalOf(simulate(request))).toContain(refusal);
});
