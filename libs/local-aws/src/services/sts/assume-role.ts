import { AwsError } from '../../kernel/aws-error.ts';
import type { RoleSession, TemporaryPrincipal } from '../../kernel/credentials.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { checkPolicy } from '../../kit/policy/check-policy.ts';
import { integer, list, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import { tagList } from '../../kit/tags.ts';

export interface AssumableRole {
  readonly maxSessionSeconds: number;
}

/** Of a session that another session of a role has begun. [documented: STS API Reference, "AssumeRole"] */
const MOST_CHAINED_SECONDS = 3600;

const NAME = /[\w+=,.@-]*/;
const arn = required(text({ min: 20, max: 2048 }));

const members = {
  RoleArn: arn,
  RoleSessionName: required(text({ min: 2, max: 64, pattern: NAME })),
  DurationSeconds: withDefault(integer({ min: 900, max: 43_200 }), 3600),
  ExternalId: optional(text({ min: 2, max: 1224, pattern: /[\w+=,.@:/-]*/ })),
  Policy: optional(text({ min: 1, max: 2048, sensitive: true })),
  PolicyArns: withDefault(list(structure({ arn }), { max: 10 }), []),
  SourceIdentity: optional(text({ min: 2, max: 64, pattern: NAME })),
  Tags: tagList('upper'),
  TransitiveTagKeys: withDefault(list(text({ min: 1, max: 128 }), { max: 50 }), []),
};

/** Who may assume a role is decided before, by the role's trust policy. */
export const assumeRole = (world: World, findRole: (arn: string) => AssumableRole | undefined): UnboundAction =>
  action(members, {
    resources: ({ RoleArn }) => [RoleArn],
    evidence: 'documented',
    run({ RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: durationSeconds, ...request }, caller) {
      checkDuration(durationSeconds, findRole(roleArn), caller);
      if (request.Policy !== undefined) checkPolicy(request.Policy, 'identity');
      const inherited = inheritedFrom(caller.role);
      const sourceIdentity = caller.role?.sourceIdentity ?? request.SourceIdentity;
      const principal = world.credentials.issue({
        roleArn,
        sessionName,
        durationSeconds,
        ...(request.Policy !== undefined && { policies: [request.Policy] }),
        ...(request.PolicyArns.length > 0 && { policyArns: request.PolicyArns.map((each) => each.arn) }),
        tags: { ...request.Tags, ...inherited },
        transitiveTagKeys: [...Object.keys(inherited), ...request.TransitiveTagKeys],
        ...(sourceIdentity !== undefined && { sourceIdentity }),
      });
      return {
        Credentials: credentialsShape(principal),
        AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
        PackedPolicySize: 0,
        ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
      };
    },
  });

function checkDuration(seconds: number, role: AssumableRole | undefined, { role: chained }: Caller): void {
  if (chained !== undefined && seconds > MOST_CHAINED_SECONDS) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (role !== undefined && seconds > role.maxSessionSeconds) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}

/** A session keeps the transitive tags of the one that began it, whatever it is given itself. */
function inheritedFrom(session: RoleSession | undefined): Record<string, string> {
  const keys = new Set(session?.transitiveTagKeys ?? []);
  return Object.fromEntries(Object.entries(session?.tags ?? {}).filter(([key]) => keys.has(key)));
}

const credentialsShape = ({ accessKeyId, secretAccessKey, session }: TemporaryPrincipal): JsonObject => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: session.token,
  Expiration: new Date(session.expiration).toISOString().replace(/\.\d+Z$/, 'Z'),
});
