import { BatonError, type Callback, wasGivenWork, workReporter, type WorkSecret } from '@baton/token-lib';

/** Whom the HTTP API lets in. */
export interface AllowedCallers {
  readonly accountId: string;
  readonly hostRoleNames: readonly string[];
  /** Roles of functions and containers that report for work that is bound to no host; `*` at the end makes a prefix. */
  readonly workerRoleNames: readonly string[];
}

export interface Caller {
  readonly accountId: string;
  readonly userArn: string;
}

export interface CallerIdentity {
  readonly roleName: string;
  readonly session: string;
}

const SESSION = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/;

/**
 * The role that signed a request: API Gateway has verified the signature and says whose it is.
 * @throws {BatonError} `Forbidden`
 */
export function callerIdentity({ accountId, userArn }: Caller, allowed: AllowedCallers): CallerIdentity {
  const [, account, roleName, session] = SESSION.exec(userArn) ?? [];
  const known =
    accountId === allowed.accountId &&
    account === allowed.accountId &&
    roleName !== undefined &&
    (allowed.hostRoleNames.includes(roleName) || isWorker(roleName, allowed));
  if (!known || session === undefined) {
    throw new BatonError('Forbidden', 'this API is for the hosts and workers of the platform');
  }
  return { roleName, session };
}

/**
 * Does a callback answer to this caller? That of a host to the host alone: EC2 names the session of an instance's role
 * after the instance, and the role must trust EC2 alone, or its holder could choose that name. That of a worker to a
 * worker's role with the secret that came with the work.
 */
export function answersTo(
  row: Callback,
  { roleName, session }: CallerIdentity,
  secret: WorkSecret | undefined,
  allowed: AllowedCallers,
): boolean {
  switch (workReporter(row.terms)) {
    case 'host':
      return allowed.hostRoleNames.includes(roleName) && row.terms.instanceId === session;
    case 'worker':
      return isWorker(roleName, allowed) && wasGivenWork(row, secret);
    case 'link':
      return false;
  }
}

const isWorker = (roleName: string, { workerRoleNames }: AllowedCallers): boolean =>
  workerRoleNames.some((name) => (name.endsWith('*') ? roleName.startsWith(name.slice(0, -1)) : name === roleName));
