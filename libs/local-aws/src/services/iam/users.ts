import type { World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { optional, text } from '../../kit/reader.ts';
import { iamDate, noSuchEntity } from './members.ts';
import { AwsError } from '../../kernel/aws-error.ts';

/** There are no users here: who calls with long-term keys is the account's root. */
export function userActions(world: World): Record<string, UnboundAction> {
  return {
    GetUser: action(
      { UserName: optional(text({ min: 1, max: 128, pattern: /[\w+=,.@-]+/ })) },
      {
        resources: ({ UserName }, caller) => [
          UserName === undefined ? caller.principalArn : arnOf(world, 'iam', `user/${UserName}`),
        ],
        evidence: 'documented',
        run({ UserName }, { principalArn, accountId }) {
          if (UserName !== undefined) throw noSuchEntity(`The user with name ${UserName} cannot be found.`);
          if (!principalArn.endsWith(':root')) {
            throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
          }
          return { User: { Path: '/', UserId: accountId, Arn: principalArn, CreateDate: iamDate(0) } };
        },
      },
    ),
  };
}
