/** Who asks, as policies see it. */
export type Principal =
  | { readonly kind: 'root'; readonly accountId: string }
  | { readonly kind: 'user'; readonly accountId: string; readonly arn: string }
  | {
      readonly kind: 'session';
      readonly accountId: string;
      /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
      readonly arn: string;
      /** With the role's path, which the session's own ARN leaves out. */
      readonly roleArn: string;
    }
  | { readonly kind: 'federated'; readonly provider: string }
  /** E.g. `sns.amazonaws.com`. */
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'anonymous' };

/**
 * Whose calls an ARN or a name stands for: a root user, user, role's session, a service (`sns.amazonaws.com`), or `*` for nobody that is
 * known. A session's role has its path only where it is given; a role's own ARN stands for any of its sessions. Undefined for others.
 */
export function principalOf(name: string, roleArn?: string): Principal | undefined {
  if (name === '*') return { kind: 'anonymous' };
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(name)) return { kind: 'service', service: name };
  const [, partition, accountId, resource] = /^arn:([^:]+):(?:iam|sts)::(\d{12}):(.+)$/.exec(name) ?? [];
  if (accountId === undefined || resource === undefined) return undefined;
  if (resource === 'root') return { kind: 'root', accountId };
  if (resource.startsWith('user/')) return { kind: 'user', accountId, arn: name };
  if (resource.startsWith('role/')) return { kind: 'session', accountId, arn: name, roleArn: name };
  const role = /^assumed-role\/([^/]+)\/[^/]+$/.exec(resource)?.[1];
  if (role === undefined) return undefined;
  return {
    kind: 'session',
    accountId,
    arn: name,
    roleArn: roleArn ?? `arn:${partition}:iam::${accountId}:role/${role}`,
  };
}

/** Who a statement of a resource's policy is about. */
export type PrincipalPattern =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'canonical-user'; readonly id: string };

const ROOT = /^arn:[^:]+:iam::(\d{12}):root$/;
const ARN = /^arn:[^:]+:(?:iam|sts)::\d{12}:(?:user|role|assumed-role|federated-user)\/[^*?]+$/;

/** Undefined for what the language does not know. */
export function parsePrincipals(element: unknown): PrincipalPattern[] | undefined {
  if (element === '*') return [{ kind: 'everyone' }];
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined;
  const found = Object.entries(element).flatMap(([type, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) =>
      typeof each === 'string' ? parsePrincipal(type, each) : undefined,
    ),
  );
  return found.length > 0 && found.every((each) => each !== undefined) ? found : undefined;
}

function parsePrincipal(type: string, value: string): PrincipalPattern | undefined {
  switch (type) {
    case 'AWS':
      return parseAws(value);
    case 'Service':
      return { kind: 'service', service: value };
    case 'Federated':
      return { kind: 'federated', provider: value };
    case 'CanonicalUser':
      return { kind: 'canonical-user', id: value };
    default:
      return undefined;
  }
}

/** Wildcards for a part of a name or ARN do not exist here. [documented: IAM User Guide, "Principal"] */
function parseAws(value: string): PrincipalPattern | undefined {
  if (value === '*') return { kind: 'everyone' };
  if (/^\d{12}$/.test(value)) return { kind: 'account', accountId: value };
  const accountId = ROOT.exec(value)?.[1];
  if (accountId !== undefined) return { kind: 'account', accountId };
  // A deleted role or user stands as its id, which nobody has.
  return ARN.test(value) || /^(AROA|AIDA)\w+$/.test(value) ? { kind: 'arn', arn: value } : undefined;
}

/**
 * How closely a statement names somebody. What is granted to `itself` (the user, the session, or everyone) comes beside all that is
 * granted to the identity; what is granted to its `role` stays within boundary and session policies; what is granted to its `account` is
 * for the account to pass on. [documented: IAM User Guide, "Principal", "Permissions boundaries"]
 */
export type Closeness = 'none' | 'account' | 'role' | 'itself';
const ORDER: readonly Closeness[] = ['none', 'account', 'role', 'itself'];

export function closenessOf(patterns: readonly PrincipalPattern[], principal: Principal): Closeness {
  return patterns.reduce<Closeness>((best, pattern) => {
    const found = closeness(pattern, principal);
    return ORDER.indexOf(found) > ORDER.indexOf(best) ? found : best;
  }, 'none');
}

function closeness(pattern: PrincipalPattern, principal: Principal): Closeness {
  switch (pattern.kind) {
    case 'everyone':
      return 'itself';
    case 'account':
      if (!('accountId' in principal) || principal.accountId !== pattern.accountId) return 'none';
      return principal.kind === 'root' ? 'itself' : 'account';
    case 'arn':
      if (principal.kind === 'session' && principal.roleArn === pattern.arn) return 'role';
      return 'arn' in principal && principal.arn === pattern.arn ? 'itself' : 'none';
    case 'service':
      return principal.kind === 'service' && principal.service === pattern.service ? 'itself' : 'none';
    case 'federated':
      return principal.kind === 'federated' && principal.provider === pattern.provider ? 'itself' : 'none';
    case 'canonical-user':
      return 'none';
  }
}

/**
 * Whether NotPrincipal spares somebody: the account must be named, and the user, role or session too; nobody with a permissions
 * boundary is spared. [documented: IAM User Guide, "NotPrincipal"]
 */
export function isSpared(patterns: readonly PrincipalPattern[], principal: Principal, bounded: boolean): boolean {
  if (bounded) return false;
  const named = patterns.map((pattern) => closeness(pattern, principal));
  if (!('accountId' in principal)) return named.includes('itself');
  const account = patterns.some((each) => each.kind === 'account' && each.accountId === principal.accountId);
  return account && (named.includes('itself') || named.includes('role'));
}
