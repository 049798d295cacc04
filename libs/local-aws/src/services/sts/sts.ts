import type { Principal } from '../../kernel/credentials.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';
import { action, actionsIn } from '../../kit/action.ts';
import { identity } from '../../kit/dialects.ts';
import { integer, required, text, withDefault } from '../../kit/reader.ts';

/** AWS STS: who am I, and temporary credentials of a role. Anybody may assume any role here. */
export function createSts(world: World): Service {
  return {
    id: 'sts',
    actions: actionsIn(identity, {
      GetCallerIdentity: action(
        {},
        {
          evidence: 'documented',
          run: (_request, { userId, accountId, principalArn }) => ({
            UserId: userId ?? accountId,
            Account: accountId,
            Arn: principalArn,
          }),
        },
      ),

      AssumeRole: action(
        {
          RoleArn: required(text({ min: 20, max: 2048 })),
          RoleSessionName: required(text({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ })),
          DurationSeconds: withDefault(integer({ min: 900, max: 43_200 }), 3600),
        },
        {
          resources: ({ RoleArn }) => [RoleArn],
          evidence: 'documented',
          run({ RoleArn, RoleSessionName, DurationSeconds }) {
            const principal = world.credentials.issue({
              roleArn: RoleArn,
              sessionName: RoleSessionName,
              durationSeconds: DurationSeconds,
            });
            return {
              Credentials: credentialsShape(principal),
              AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
              PackedPolicySize: 0,
            };
          },
        },
      ),
    }),
  };
}

const credentialsShape = ({ accessKeyId, secretAccessKey, session }: Required<Principal>): JsonObject => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: session.token,
  Expiration: new Date(session.expiration).toISOString().replace(/\.\d+Z$/, 'Z'),
});
