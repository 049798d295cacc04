import { action, type UnboundAction } from '../../kit/action.ts';
import { required, text } from '../../kit/reader.ts';
import { encryptsWith } from './log-group-encryption.ts';
import { groupArn, groupResource, logGroupName, type LogGroups } from './log-groups.ts';

/** The actions on a group's key. Lines are kept in memory, and not encrypted. */
export const logGroupKeyActions = (groups: LogGroups): Record<string, UnboundAction> => ({
  AssociateKmsKey: action(
    { logGroupName, kmsKeyId: required(text({ max: 256 })) },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName)],
      evidence: 'documented',
      async run({ kmsKeyId, ...request }) {
        const group = groups.find(request.logGroupName);
        await encryptsWith(groups.world, groupArn(groups.world, group.name), kmsKeyId);
        group.kmsKeyId = kmsKeyId;
        return {};
      },
    },
  ),

  DisassociateKmsKey: action(
    { logGroupName },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName)],
      evidence: 'documented',
      run(request) {
        groups.find(request.logGroupName).kmsKeyId = undefined;
        return {};
      },
    },
  ),
});
