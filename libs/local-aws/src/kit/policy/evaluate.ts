/**
 * AWS's evaluation logic, as a pure function: an explicit deny wins; else the policies of the identity and of the resource grant, within
 * permissions boundary and session policies. There are no organizations here, so no SCPs and RCPs.
 * [documented: IAM User Guide, "Policy evaluation logic", "Permissions boundaries", "Session policies"]
 */
import { splitArn } from './arn-pattern.ts';
import type { Context, ContextValue } from './condition.ts';
import type { Policy } from './document.ts';
import type { Closeness, Principal } from './principal.ts';
import { applies, type Asked } from './statement.ts';

export interface AuthorizationRequest {
  readonly principal: Principal;
  /** E.g. `sqs:SendMessage`; its case does not count. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resources. */
  readonly resource: string;
  /** The account that the resource belongs to. By default that of its ARN, and without one the principal's. */
  readonly resourceAccountId?: string | undefined;
  /** The values by their keys, whose names are asked for in small letters. */
  readonly context: Context;
  /** Keys of which nobody can say whether they are there. By default there are none. Names come in small letters. */
  readonly isKnownKey?: ((key: string) => boolean) | undefined;
}

export interface NamedPolicy {
  /** For people: `send` of a role's inline policy, an ARN of a managed one. */
  readonly name: string;
  readonly policy: Policy;
}

export interface ApplicablePolicies {
  /** Of the role or user. */
  readonly identity?: readonly NamedPolicy[] | undefined;
  readonly resource?: NamedPolicy | undefined;
  /** Nothing is allowed but by the resource's policy or with its leave: KMS keys, and roles that are assumed. */
  readonly resourceMustAllow?: boolean | undefined;
  readonly boundary?: NamedPolicy | undefined;
  /** Those that were given with the session; together they are one. */
  readonly session?: readonly NamedPolicy[] | undefined;
}

export type PolicyType = 'identity' | 'resource' | 'boundary' | 'session';

export interface StatementReference {
  readonly type: PolicyType;
  readonly policy: string;
  /** Counts from 0. */
  readonly index: number;
  readonly sid: string | undefined;
}

export type Decision = {
  /** Condition keys that a statement asks for and nobody knows: it allows nothing then, and denies. As the policies spell them. */
  readonly unknownKeys: readonly string[];
} & (
  | {
      readonly allowed: true;
      /** Each gate was opened by any one of its statements. A statement that is alone in one is needed for this request. */
      readonly gates: readonly (readonly StatementReference[])[];
    }
  | {
      readonly allowed: false;
      readonly because: 'explicit deny' | 'no allow';
      /** Which policies denied, or lack an allow. */
      readonly type: PolicyType;
      /** The statements that denied. */
      readonly by: readonly StatementReference[];
    }
);

interface Found extends StatementReference {
  readonly closeness: Closeness;
}

interface Scan {
  readonly allows: readonly Found[];
  readonly denies: readonly Found[];
  readonly unknownKeys: readonly string[];
}

export function evaluate(request: AuthorizationRequest, policies: ApplicablePolicies): Decision {
  const asked = toAsked(request, policies.boundary !== undefined);
  const scans = {
    identity: scan('identity', policies.identity ?? [], asked),
    resource: scan('resource', policies.resource ? [policies.resource] : [], asked),
    boundary: scan('boundary', policies.boundary ? [policies.boundary] : [], asked),
    session: scan('session', policies.session ?? [], asked),
  };
  const unknownKeys = [...new Set(Object.values(scans).flatMap((each) => each.unknownKeys))];
  for (const { denies } of Object.values(scans)) {
    const [first] = denies;
    if (first)
      return { allowed: false, because: 'explicit deny', type: first.type, by: denies.map(reference), unknownKeys };
  }
  const result = grant(request, policies, scans);
  if (typeof result === 'string') return { allowed: false, because: 'no allow', type: result, by: [], unknownKeys };
  return { allowed: true, gates: result.map((gate) => gate.map(reference)), unknownKeys };
}

type Scans = Readonly<Record<PolicyType, Scan>>;
/** What let the request in, gate by gate, or the policies that lack an allow. */
type Grant = PolicyType | readonly (readonly Found[])[];

function grant(request: AuthorizationRequest, policies: ApplicablePolicies, scans: Scans): Grant {
  const { principal } = request;
  const byResource = scans.resource.allows;
  if (!('accountId' in principal)) return byResource.length > 0 ? [byResource] : 'resource';
  const sameAccount = resourceAccountOf(request) === principal.accountId;
  if ((policies.resourceMustAllow === true || !sameAccount) && byResource.length === 0) return 'resource';
  if (principal.kind === 'root') return byResource.length > 0 ? [byResource] : [];
  const identity = byIdentity(policies, scans);
  if (!sameAccount) return typeof identity === 'string' ? identity : [byResource, ...identity];
  return inAccount(policies, scans, identity);
}

/** The identity's own policies, within boundary and session. */
function byIdentity(policies: ApplicablePolicies, scans: Scans): Grant {
  if (scans.identity.allows.length === 0) return 'identity';
  const limits = within(policies, scans);
  return typeof limits === 'string' ? limits : [scans.identity.allows, ...limits];
}

/** Boundary and session policies grant nothing: they must allow what others grant. */
function within(policies: ApplicablePolicies, scans: Scans): Grant {
  if (policies.boundary !== undefined && scans.boundary.allows.length === 0) return 'boundary';
  const isLimited = (policies.session ?? []).length > 0;
  if (isLimited && scans.session.allows.length === 0) return 'session';
  return [
    ...(policies.boundary === undefined ? [] : [scans.boundary.allows]),
    ...(isLimited ? [scans.session.allows] : []),
  ];
}

/** In one account either side is enough, except where the resource's policy must allow. */
function inAccount(policies: ApplicablePolicies, scans: Scans, identity: Grant): Grant {
  const allows = scans.resource.allows;
  const toItself = allows.filter(({ closeness }) => closeness === 'itself');
  const toRole = allows.filter(({ closeness }) => closeness === 'role');
  const limits = within(policies, scans);
  const mustAllow = policies.resourceMustAllow === true;
  const resourceGate = mustAllow ? [allows] : [];
  const byRole = toRole.length > 0 && typeof limits !== 'string' ? toRole : [];
  const granted = [...toItself, ...byRole];
  if (granted.length === 0) {
    if (typeof identity !== 'string') return [...resourceGate, ...identity];
    return toRole.length > 0 && typeof limits === 'string' ? limits : identity;
  }
  if (mustAllow) {
    const needsLimits = toItself.length === 0 && typeof limits !== 'string';
    return typeof identity === 'string' ? [granted, ...(needsLimits ? limits : [])] : [allows];
  }
  const either = typeof identity === 'string' ? granted : [...granted, ...(identity[0] ?? [])];
  return toItself.length > 0 || typeof limits === 'string' ? [either] : [either, ...limits];
}

function scan(type: PolicyType, policies: readonly NamedPolicy[], asked: Asked): Scan {
  const allows: Found[] = [];
  const denies: Found[] = [];
  const unknownKeys: string[] = [];
  for (const { name, policy } of policies) {
    for (const statement of policy.statements) {
      const found = applies(statement, asked);
      if (found.kind === 'no') continue;
      if (found.kind === 'unknown') unknownKeys.push(...found.keys);
      const { index, sid, effect } = statement;
      const entry = { type, policy: name, index, sid, closeness: found.closeness };
      if (effect === 'Deny') denies.push(entry);
      else if (found.kind === 'yes') allows.push(entry);
    }
  }
  return { allows, denies, unknownKeys };
}

function toAsked(request: AuthorizationRequest, bounded: boolean): Asked {
  const { principal, action, resource, context, isKnownKey = () => true } = request;
  const lower = action.toLowerCase();
  const colon = lower.indexOf(':');
  return {
    principal,
    service: lower.slice(0, colon),
    name: lower.slice(colon + 1),
    arn: splitArn(resource),
    context,
    resolve: (key) => single(context(key.toLowerCase())),
    bounded,
    isKnownKey,
  };
}

/** A key with many values is no variable. [documented: IAM User Guide, "Policy variables"] */
const single = (value: ContextValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

function resourceAccountOf({ resource, resourceAccountId, principal }: AuthorizationRequest): string | undefined {
  if (resourceAccountId !== undefined) return resourceAccountId;
  const account = splitArn(resource)?.[4];
  if (account !== undefined && account !== '') return account;
  return 'accountId' in principal ? principal.accountId : undefined;
}

const reference = ({ type, policy, index, sid }: Found): StatementReference => ({ type, policy, index, sid });

/** The values of a request as a Context. Names may have any case. */
export function contextOf(values: Readonly<Record<string, ContextValue>>): Context {
  const byName = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
  return (key) => byName.get(key);
}
