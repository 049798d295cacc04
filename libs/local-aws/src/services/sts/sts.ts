import { legacy, type LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Principal } from '../../kernel/credentials.ts';
import type { Service, World } from '../../kernel/service.ts';

/** STS: who am I, and temporary credentials of a role. Anybody may assume any role here. */
export function createSts(world: World): Service {
  const actions: Record<string, Action> = {
    GetCallerIdentity: (_input, caller) => ({
      UserId: caller.userId ?? caller.accountId,
      Account: caller.accountId,
      Arn: caller.principalArn,
    }),
    AssumeRole(input) {
      const durationSeconds = Number(input['DurationSeconds'] ?? 3600);
      if (!(durationSeconds >= 900 && durationSeconds <= 43_200)) {
        throw new AwsError(
          'ValidationError',
          `DurationSeconds is ${String(input['DurationSeconds'])}; it must be from 900 to 43200`,
        );
      }
      const principal = world.credentials.issue({
        roleArn: String(input['RoleArn']),
        sessionName: String(input['RoleSessionName']),
        durationSeconds,
      });
      return {
        Credentials: toCredentials(principal),
        AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
        PackedPolicySize: 0,
      };
    },
  };
  return { id: 'sts', actions: legacy(actions) };
}

const toCredentials = ({ accessKeyId, secretAccessKey, session }: Required<Principal>): Record<string, string> => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: session.token,
  Expiration: new Date(session.expiration).toISOString().replace(/\.\d+Z$/, 'Z'),
});
