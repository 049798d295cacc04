import { partitionOf } from '../kernel/caller.ts';
import type { Credentials } from '../kernel/credentials.ts';
import type { Caller } from '../kernel/service.ts';

/** What a signature's credential scope says, whether or not the signature is good. */
export interface Scope {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  /** The signing name, e.g. `states`. */
  readonly service: string;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

export function parseScope(authorization: string | undefined): Scope | undefined {
  const [, accessKeyId, date, region, service] = CREDENTIAL.exec(authorization ?? '') ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined)
    return undefined;
  return { accessKeyId, date, region, service };
}

/**
 * Who calls, by the scope of the signature. API calls need no valid signature here (any key is let in, as the account's root
 * where it is not known): what must be refused is refused by the invoke URL of an HTTP API, which verifies.
 */
export function callerOf(scope: Scope, credentials: Credentials, account: Pick<Caller, 'accountId'>): Caller {
  const principal = credentials.resolve(scope.accessKeyId);
  const partition = partitionOf(scope.region);
  return {
    partition,
    accountId: principal?.accountId ?? account.accountId,
    region: scope.region,
    principalArn: principal?.arn ?? `arn:${partition}:iam::${account.accountId}:root`,
    ...(principal && { userId: principal.userId }),
    ...(principal?.role && { role: principal.role }),
  };
}
