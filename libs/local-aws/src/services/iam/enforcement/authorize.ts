/**
 * Lets a call in or refuses it, by the policies of who calls and of what the call is about. The account's root user passes unasked, and
 * nobody else.
 */
import type { Call } from '../../../kernel/call.ts';
import type { Caller, ResourceFacts, World } from '../../../kernel/service.ts';
import { parseArn } from '../../../kit/arn.ts';
import { evaluate, type Decision } from '../../../kit/policy/evaluate.ts';
import { principalOf, type Principal } from '../../../kit/policy/principal.ts';
import type { Iam } from '../iam.ts';
import { denialOf } from './denial.ts';
import { permissionsOf, type Permission } from './permissions.ts';
import { createCompiler, createIdentityPolicies, type IdentityPolicies } from './policies.ts';
import { contextFor, isKnownKey } from './request-context.ts';
import { assumptionsOf } from './trust.ts';

/** What anybody may ask, whatever the policies say. [documented: STS API Reference, "GetCallerIdentity"] */
const FREE = new Set(['sts:GetCallerIdentity']);
/** What the links in messages do without a signature: SNS checks the token. [documented: SNS API Reference, "ConfirmSubscription"] */
const BY_LINK = new Set(['sns:ConfirmSubscription', 'sns:Unsubscribe']);

/** `factsOf` asks the service of an ARN, by the ARN's third part. */
export function createAuthorize(
  world: World,
  iam: Iam,
  factsOf: (service: string) => ResourceFacts | undefined,
): (call: Call) => void {
  const compiled = createCompiler();
  const identityPolicies = createIdentityPolicies(iam.roles, iam.policies, compiled);
  const roleOfProfile = (name: string): string | undefined => iam.instanceProfiles.entities.get(name)?.role?.arn;

  const decide = (call: Call, principal: Principal, identity: IdentityPolicies, permission: Permission): Decision => {
    const { action, resource } = permission;
    const service = parseArn(resource)?.service ?? call.service;
    const facts = factsOf(service);
    // A role's own policy is its trust policy, which speaks of assuming the role and of nothing else.
    const kind = service === 'iam' ? 'trust' : 'resource';
    const text = kind === 'trust' && call.service !== 'sts' ? undefined : facts?.policyOf?.(resource);
    const callerRole = call.caller.role && iam.roles.byArn(call.caller.role.roleArn);
    const asked = { call, permission, now: world.clock.now(), callerRole, facts };
    return evaluate(
      { principal, action, resource, context: contextFor(asked), isKnownKey },
      {
        ...identity,
        resource: text === undefined ? undefined : compiled(resource, text, kind),
        resourceMustAllow: (service === 'kms' && resource.includes(':key/')) || call.service === 'sts',
      },
    );
  };

  const decided = (call: Call, permission: Permission): Decision => {
    const { caller } = call;
    const decision = decide(call, toPrincipal(caller), identityPolicies(caller), permission);
    const gates = decision.allowed ? decision.gates : [];
    world.observers.decided({ caller, ...permission, allowed: decision.allowed, gates });
    return decision;
  };

  return (call) => {
    if (!call.caller.principalArn.endsWith(':root') && !isFree(call)) {
      for (const permission of permissionsOf(call, roleOfProfile)) {
        const decision = decided(call, permission);
        if (!decision.allowed) throw denialOf(call, permission, decision);
      }
    }
    for (const { call: assume, roleArn, refusal } of assumptionsOf(call)) {
      if (!decided(assume, { action: 'sts:AssumeRole', resource: roleArn }).allowed) throw refusal();
    }
  };
}

function isFree({ caller, service, action }: Call): boolean {
  const name = `${service}:${action}`;
  return FREE.has(name) || (caller.principalArn === '*' && BY_LINK.has(name));
}

/** Who is nobody that policies can name counts as nobody. */
const toPrincipal = ({ principalArn, role }: Caller): Principal =>
  principalOf(principalArn, role?.roleArn) ?? { kind: 'anonymous' };
