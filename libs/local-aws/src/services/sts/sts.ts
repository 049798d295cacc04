import type { Service, World } from '../../kernel/service.ts';
import { action, actionsIn } from '../../kit/action.ts';
import { identity } from '../../kit/dialects.ts';
import { required, text } from '../../kit/reader.ts';
import { assumeRole, type AssumableRole } from './assume-role.ts';

/** AWS STS: who am I, and temporary credentials of a role. `findRole` answers undefined for a role that is not there. */
export function createSts(world: World, findRole: (arn: string) => AssumableRole | undefined): Service {
  return {
    id: 'sts',
    actions: actionsIn(identity, {
      AssumeRole: assumeRole(world, findRole),

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

      GetAccessKeyInfo: action(
        { AccessKeyId: required(text({ min: 16, max: 128, pattern: /\w*/ })) },
        {
          evidence: 'documented',
          run: ({ AccessKeyId }) => ({ Account: world.credentials.resolve(AccessKeyId)?.accountId ?? world.accountId }),
        },
      ),
    }),
  };
}
