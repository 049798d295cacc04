import type { Caller } from '../../../kernel/service.ts';
import { parsePolicy, PolicyError, type Policy, type PolicyKind } from '../../../kit/policy/document.ts';
import type { NamedPolicy } from '../../../kit/policy/evaluate.ts';
import type { PolicyRegistry } from '../managed-policies.ts';
import type { Role, RoleRegistry } from '../roles.ts';

/** Denies everything: what a text that is no policy counts as. */
const DENY_ALL = (kind: PolicyKind): Policy =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Sid: 'ThisIsNoPolicy',
        Effect: 'Deny',
        Action: '*',
        ...(kind !== 'trust' && { Resource: '*' }),
        ...(kind !== 'identity' && { Principal: '*' }),
      },
    }),
    kind,
  );

/** More texts than this are not remembered: the oldest goes. */
const MOST_COMPILED = 2000;

/** Compiles a policy once per text. */
export function createCompiler(): (name: string, text: string, kind: PolicyKind) => NamedPolicy {
  const compiled = new Map<string, Policy>();
  return (name, text, kind) => {
    const key = kind + text;
    let policy = compiled.get(key);
    if (policy === undefined) {
      policy = compile(text, kind);
      if (compiled.size >= MOST_COMPILED) compiled.delete(compiled.keys().next().value as string);
      compiled.set(key, policy);
    }
    return { name, policy };
  };
}

/** A service may have taken a text that is none of IAM's policies: nothing is allowed by it. */
function compile(text: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyError) return DENY_ALL(kind);
    throw error;
  }
}

export interface IdentityPolicies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
  readonly session: readonly NamedPolicy[];
}

const NONE: IdentityPolicies = { identity: [], boundary: undefined, session: [] };

/** What counts for a caller beside the policies of resources. A role that is not there has no policies. */
export function createIdentityPolicies(
  roles: RoleRegistry,
  policies: PolicyRegistry,
  compiled: ReturnType<typeof createCompiler>,
): (caller: Caller) => IdentityPolicies {
  const managed = (arn: string): NamedPolicy[] => {
    const text = policies.documentOf(arn);
    return text === undefined ? [] : [compiled(arn, text, 'identity')];
  };
  const ofRole = (role: Role): NamedPolicy[] => [
    ...[...role.inlinePolicies].map(([name, text]) => compiled(`${role.name}/${name}`, text, 'identity')),
    ...[...role.attachedPolicies].flatMap(managed),
  ];
  /** A boundary that is not there, and managed session policies of which none is there, allow nothing. */
  const orNothing = (found: NamedPolicy | undefined, name: string): NamedPolicy =>
    found ?? { name, policy: { statements: [] } };
  return ({ role: session }) => {
    const role = session && roles.byArn(session.roleArn);
    if (session === undefined || role === undefined) return NONE;
    const arns = session.policyArns ?? [];
    return {
      identity: ofRole(role),
      boundary: role.boundary === undefined ? undefined : orNothing(managed(role.boundary)[0], role.boundary),
      session: [
        ...(session.policies ?? []).map((text, index) => compiled(`session policy ${index + 1}`, text, 'identity')),
        ...arns.map((arn) => orNothing(managed(arn)[0], arn)),
      ],
    };
  };
}
