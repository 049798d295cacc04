import { BatonError } from '@baton/token-lib';

/** Whom the HTTP door takes for a host. */
export interface AllowedHosts {
  readonly accountId: string;
  readonly roleNames: readonly string[];
}

export interface Caller {
  readonly accountId: string;
  readonly userArn: string;
}

const SESSION = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/;

/**
 * The instance that signed a request: API Gateway has verified the signature and says whose it is. EC2 names the
 * session of an instance's role after the instance, and the role must trust EC2 alone, or its holder could choose that
 * name.
 * @throws {BatonError} `Forbidden`
 */
export function hostIdentity({ accountId, userArn }: Caller, allowed: AllowedHosts): string {
  const [, account, role, session] = SESSION.exec(userArn) ?? [];
  const known =
    accountId === allowed.accountId &&
    account === allowed.accountId &&
    role !== undefined &&
    allowed.roleNames.includes(role);
  if (!known || session === undefined) throw new BatonError('Forbidden', 'this door is for the hosts of the platform');
  return session;
}
