import { AwsError } from '../../kernel/aws-error.ts';
import { roleCaller } from '../../kernel/caller.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import type { ContextValue } from '../../kit/policy/condition.ts';
import { contextKeysOf } from '../../kit/policy/context-keys.ts';
import { parsePolicy, PolicyError, type PolicyKind } from '../../kit/policy/document.ts';
import { contextOf, evaluate, type Decision, type NamedPolicy } from '../../kit/policy/evaluate.ts';
import { principalOf, type Principal } from '../../kit/policy/principal.ts';
import { list, oneOf, optional, required, structure, text, withDefault, type Members } from '../../kit/reader.ts';
import { createCompiler, createIdentityPolicies } from './enforcement/policies.ts';
import { arnText, noSuchEntity, pageMembers, pageShape } from './members.ts';
import type { PolicyRegistry } from './managed-policies.ts';
import type { RoleRegistry } from './roles.ts';

const documents = list(text({ min: 1, max: 131_072, sensitive: true }));
const TYPES = ['string', 'numeric', 'boolean', 'ip', 'binary', 'date'] as const;

const members = {
  ...pageMembers,
  ActionNames: required(list(text({ min: 3, max: 128 }))),
  ResourceArns: withDefault(list(text({ min: 1, max: 2048 })), []),
  ResourcePolicy: optional(text({ min: 1, max: 131_072, sensitive: true })),
  ResourceOwner: optional(text({ min: 1, max: 2048 })),
  PermissionsBoundaryPolicyInputList: withDefault(documents, []),
  CallerArn: optional(text({ min: 1, max: 2048 })),
  ContextEntries: withDefault(
    list(
      structure({
        ContextKeyName: required(text({ min: 5, max: 256 })),
        ContextKeyValues: withDefault(list(text()), []),
        ContextKeyType: required(oneOf(TYPES.flatMap((type) => [type, `${type}List`] as const))),
      }),
    ),
    [],
  ),
};
type Simulated = Members<typeof members>;

/** What a simulation holds a request against, beside what the request itself names. */
interface Given {
  readonly identity: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
  /** The texts of all policies, for the keys that they ask for. */
  readonly texts: readonly string[];
  readonly callerArn: string | undefined;
}

/**
 * Decisions without acts: the evaluator that enforces IAM here, for policies and values that the request brings. On AWS the caller is a
 * user; here also a role, a session of one, or a service. Keys of KMS and roles that are assumed need their ResourcePolicy, as they do when
 * they are called. Where in its text a statement stands is not told.
 * [documented: IAM API Reference, "SimulateCustomPolicy", "SimulatePrincipalPolicy"]
 */
export function simulationActions(
  world: World,
  roles: RoleRegistry,
  policies: PolicyRegistry,
): Record<string, UnboundAction> {
  const policiesOf = createIdentityPolicies(roles, policies, createCompiler());
  return {
    SimulateCustomPolicy: action(
      { ...members, PolicyInputList: required(documents) },
      {
        evidence: 'documented',
        run: (request) =>
          simulate(world, request, {
            identity: named(request.PolicyInputList, 'PolicyInputList'),
            boundary: boundaryOf(request),
            texts: textsOf(request, request.PolicyInputList),
            callerArn: request.CallerArn,
          }),
      },
    ),

    SimulatePrincipalPolicy: action(
      { ...members, PolicySourceArn: arnText, PolicyInputList: withDefault(documents, []) },
      {
        resources: ({ PolicySourceArn }) => [PolicySourceArn],
        evidence: 'documented',
        run(request) {
          const { PolicySourceArn: source } = request;
          if (roles.byArn(source) === undefined) throw noSuchEntity(`The role with ARN ${source} cannot be found.`);
          const own = policiesOf(roleCaller(world, source, 'simulated'));
          return simulate(world, request, {
            identity: [...own.identity, ...named(request.PolicyInputList, 'PolicyInputList')],
            boundary: boundaryOf(request) ?? own.boundary,
            texts: textsOf(request, request.PolicyInputList),
            callerArn: request.CallerArn ?? source,
          });
        },
      },
    ),

    GetContextKeysForCustomPolicy: action(
      { PolicyInputList: required(documents) },
      {
        evidence: 'documented',
        run: ({ PolicyInputList }) => ({ ContextKeyNames: contextKeysOf(PolicyInputList) }),
      },
    ),
  };
}

function simulate(world: World, request: Simulated, given: Given): JsonObject {
  const { ResourceArns: arns, ResourcePolicy } = request;
  if (ResourcePolicy !== undefined && given.callerArn === undefined) {
    throw invalidInput('A resource policy speaks of principals: CallerArn says who asks.');
  }
  const principal = callerOf(world, given.callerArn);
  const asked = request.ActionNames.flatMap((name) =>
    (arns.length === 0 ? ['*'] : arns).map((resource) => ({ name: actionOf(name), resource })),
  );
  const missing = missingKeys(request, given.texts);
  const results = asked.map(({ name, resource }) => resultOf(name, resource, { request, given, principal, missing }));
  return pageShape('EvaluationResults', results, request);
}

interface Simulation {
  readonly request: Simulated;
  readonly given: Given;
  readonly principal: Principal;
  readonly missing: readonly string[];
}

function resultOf(name: string, resource: string, { request, given, principal, missing }: Simulation): JsonObject {
  const kind = /^sts:AssumeRole/i.test(name) ? 'trust' : 'resource';
  const { ResourcePolicy: policy } = request;
  const asked = {
    principal,
    action: name,
    resource,
    resourceAccountId: accountOf(request.ResourceOwner),
    context: contextOf(entriesOf(request)),
  };
  const resourcePolicy = policy === undefined ? [] : named([policy], 'ResourcePolicy', kind);
  const decision = evaluate(asked, {
    identity: given.identity,
    resource: resourcePolicy[0],
    resourceMustAllow: kind === 'trust' || /^arn:[^:]+:kms:[^:]*:\d*:key\//.test(resource),
    boundary: given.boundary,
  });
  const decided = decisionName(decision);
  const details = {
    MatchedStatements: matchedOf(decision),
    ...(given.boundary && { PermissionsBoundaryDecisionDetail: boundaryDetail(asked, given.boundary) }),
  };
  const isListed = request.ResourceArns.length > 0;
  return {
    EvalActionName: name,
    EvalResourceName: resource,
    EvalDecision: decided,
    ...details,
    // Of resources that are listed the keys stand beside the resource.
    MissingContextValues: isListed ? [] : missing,
    ...(isListed && {
      ResourceSpecificResults: [
        { EvalResourceName: resource, EvalResourceDecision: decided, ...details, MissingContextValues: missing },
      ],
    }),
  };
}

const decisionName = (decision: Decision): 'allowed' | 'explicitDeny' | 'implicitDeny' => {
  if (decision.allowed) return 'allowed';
  return decision.because === 'explicit deny' ? 'explicitDeny' : 'implicitDeny';
};

const boundaryDetail = (asked: Parameters<typeof evaluate>[0], boundary: NamedPolicy): JsonObject => ({
  AllowedByPermissionsBoundary: evaluate(
    { ...asked, resourceAccountId: 'accountId' in asked.principal ? asked.principal.accountId : undefined },
    { identity: [boundary] },
  ).allowed,
});

const SOURCES = {
  identity: 'IAM Policy',
  resource: 'Resource Policy',
  boundary: 'IAM Policy',
  session: 'IAM Policy',
} as const;

function matchedOf(decision: Decision): JsonObject[] {
  const statements = decision.allowed ? decision.gates.flat() : decision.by;
  return statements.map(({ policy, type }) => ({ SourcePolicyId: policy, SourcePolicyType: SOURCES[type] }));
}

const named = (texts: readonly string[], source: string, kind: PolicyKind = 'identity'): NamedPolicy[] =>
  texts.map((document, index) => ({
    name: source === 'ResourcePolicy' ? source : `${source}.${index + 1}`,
    policy: parsed(document, kind),
  }));

function parsed(document: string, kind: PolicyKind): NamedPolicy['policy'] {
  try {
    return parsePolicy(document, kind);
  } catch (error) {
    throw error instanceof PolicyError ? invalidInput(error.message) : error;
  }
}

/** Several boundaries count as one. */
function boundaryOf({ PermissionsBoundaryPolicyInputList: texts }: Simulated): NamedPolicy | undefined {
  if (texts.length === 0) return undefined;
  const statements = named(texts, 'PermissionsBoundaryPolicyInputList').flatMap(({ policy }) => policy.statements);
  return { name: 'PermissionsBoundaryPolicyInputList.1', policy: { statements } };
}

const textsOf = (request: Simulated, identity: readonly string[]): string[] => [
  ...identity,
  ...request.PermissionsBoundaryPolicyInputList,
  ...(request.ResourcePolicy === undefined ? [] : [request.ResourcePolicy]),
];

function missingKeys({ ContextEntries }: Simulated, texts: readonly string[]): string[] {
  const given = new Set(ContextEntries.map(({ ContextKeyName }) => ContextKeyName.toLowerCase()));
  return contextKeysOf(texts).filter((key) => !given.has(key.toLowerCase()));
}

function entriesOf({ ContextEntries }: Simulated): Record<string, ContextValue> {
  const entries: Record<string, ContextValue> = {};
  for (const { ContextKeyName: name, ContextKeyType: type, ContextKeyValues: values } of ContextEntries) {
    if (type.endsWith('List')) entries[name] = values;
    else if (values[0] !== undefined) entries[name] = values[0];
  }
  return entries;
}

function callerOf(world: World, arn = `arn:${world.partition}:iam::${world.accountId}:user/simulated`): Principal {
  const principal = principalOf(arn);
  if (principal === undefined) throw invalidInput(`${arn} is nobody who can ask: give the ARN of a user or a role.`);
  return principal;
}

function accountOf(owner: string | undefined): string | undefined {
  if (owner === undefined) return undefined;
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(owner)?.[1];
  if (account === undefined)
    throw invalidInput(`ResourceOwner ${owner} is no account: give arn:aws:iam::ACCOUNT:root.`);
  return account;
}

function actionOf(name: string): string {
  if (/^[a-z0-9-]+:\w+$/i.test(name)) return name;
  throw invalidInput(`${name} is no action: it must be one of a service, without wildcards, such as sqs:SendMessage.`);
}

const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', message);
