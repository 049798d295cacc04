import { createHash } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { Clock, Millis } from './clock/clock.ts';

/** A session of a role: what it is, and what it was given when it began. */
export interface RoleSession {
  /** E.g. `arn:aws:iam::123456789012:role/service/ROLE`: with the path, which the session's own ARN leaves out. */
  readonly roleArn: string;
  /** Session policies, as JSON text. What they do not allow, the session may not do. */
  readonly policies?: readonly string[];
  /** The ARNs of managed policies that are session policies too. */
  readonly policyArns?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** The keys of the tags that the next session in a chain takes over. */
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
}

/** Whose key it is. */
export interface Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  /** E.g. `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  /** `AROA...:SESSION` of a role's session. */
  readonly userId: string;
  /** There for sessions of roles. */
  readonly role?: RoleSession;
  /** There for temporary credentials only. */
  readonly session?: { readonly token: string; readonly expiration: Millis };
}

export interface IssueRequest extends RoleSession {
  /** 2 to 64 characters of `A-Za-z0-9_=,.@-`; of a host its instance id. */
  readonly sessionName: string;
  readonly durationSeconds: number;
}

export type TemporaryPrincipal = Principal & Required<Pick<Principal, 'session' | 'role'>>;

/** The access keys that exist, and whose they are. */
export interface Credentials {
  /** Temporary credentials of a role. @throws {AwsError} ValidationError for a role ARN or session name that is none */
  issue(request: IssueRequest): TemporaryPrincipal;
  /** Undefined for a key that was never issued here. Expired ones still resolve: look at `session.expiration`. */
  resolve(accessKeyId: string): Principal | undefined;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/** Stable per name: the same role has the same id in every run. */
export const stableId = (prefix: string, name: string): string =>
  prefix + createHash('sha256').update(name).digest('hex').toUpperCase().slice(0, 17);

export function createCredentials(options: {
  readonly clock: Clock;
  readonly accountId: string;
  readonly partition: string;
  readonly uuid: () => string;
}): Credentials {
  const { clock, accountId, partition, uuid } = options;
  const keys = new Map<string, Principal>();
  keys.set('test', {
    accessKeyId: 'test',
    secretAccessKey: 'test',
    accountId,
    arn: `arn:${partition}:iam::${accountId}:root`,
    userId: accountId,
  });

  return {
    issue({ sessionName, durationSeconds, ...session }) {
      const { roleArn } = session;
      const [, account, role] = ROLE_ARN.exec(roleArn) ?? [];
      if (account === undefined || role === undefined) {
        throw new AwsError('ValidationError', `${roleArn} is invalid: expected arn:aws:iam::ACCOUNT:role/NAME`);
      }
      if (!SESSION_NAME.test(sessionName)) {
        throw new AwsError(
          'ValidationError',
          `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
            'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
        );
      }
      const secret = (): string => uuid().replaceAll('-', '');
      const principal: TemporaryPrincipal = {
        accessKeyId: `ASIA${secret().toUpperCase().slice(0, 16)}`,
        secretAccessKey: secret() + secret().slice(0, 8),
        accountId: account,
        arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${sessionName}`,
        userId: `${stableId('AROA', roleArn)}:${sessionName}`,
        role: session,
        session: { token: `IQoJ${secret()}${secret()}${secret()}`, expiration: clock.now() + durationSeconds * 1000 },
      };
      keys.set(principal.accessKeyId, principal);
      return principal;
    },
    resolve: (accessKeyId) => keys.get(accessKeyId),
  };
}
