import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text, withDefault } from '../../kit/reader.ts';
import { noSuchEntity, roleName } from './members.ts';
import { roleShape, type RoleRegistry } from './roles.ts';

/** The names of the roles that services make for themselves. [documented: each service's page on its service-linked role] */
const NAMES: Readonly<Record<string, string>> = {
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'ops.apigateway.amazonaws.com': 'AWSServiceRoleForAPIGateway',
  'spot.amazonaws.com': 'AWSServiceRoleForEC2Spot',
  'ssm.amazonaws.com': 'AWSServiceRoleForAmazonSSM',
};

const evidence = 'documented';

/** The actions on service-linked roles. */
export const serviceLinkedRoleActions = (world: World, roles: RoleRegistry): Record<string, UnboundAction> => ({
  ...creation(roles),
  ...deletion(world, roles),
});

function creation(roles: RoleRegistry): Record<string, UnboundAction> {
  return {
    CreateServiceLinkedRole: action(
      {
        AWSServiceName: required(text({ min: 1, max: 128, pattern: /[\w+=,.@-]+/ })),
        Description: withDefault(text({ max: 1000 }), ''),
        CustomSuffix: optional(text({ min: 1, max: 64, pattern: /[\w+=,.@-]+/ })),
      },
      {
        resources: ({ AWSServiceName }) => [roles.arn('*', `/aws-service-role/${AWSServiceName}/`)],
        evidence,
        run({ AWSServiceName: service, Description: description, CustomSuffix }) {
          const known = NAMES[service];
          if (known === undefined) {
            throw new AwsError(
              'InvalidInput',
              `Service-linked roles are known here for ${Object.keys(NAMES).join(', ')}`,
            );
          }
          const name = CustomSuffix === undefined ? known : `${known}_${CustomSuffix}`;
          if (roles.entities.get(name) !== undefined) {
            throw new AwsError(
              'InvalidInput',
              `Service role name ${name} has been taken in this account, please try a different suffix.`,
            );
          }
          const trustPolicy = JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
          });
          const role = roles.create({ name, path: `/aws-service-role/${service}/`, trustPolicy, description });
          return { Role: roleShape(role) };
        },
      },
    ),
  };
}

/** A role goes at once: nothing here uses any. */
function deletion(world: World, roles: RoleRegistry): Record<string, UnboundAction> {
  const deletions = new Set<string>();
  return {
    DeleteServiceLinkedRole: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run({ RoleName }) {
          const role = roles.find(RoleName);
          roles.entities.remove(role);
          const DeletionTaskId = `task${role.path}${role.name}/${world.uuid()}`;
          deletions.add(DeletionTaskId);
          return { DeletionTaskId };
        },
      },
    ),

    GetServiceLinkedRoleDeletionStatus: action(
      { DeletionTaskId: required(text({ min: 1, max: 1000 })) },
      {
        resources: ({ DeletionTaskId }) => [roles.arn('*', `/${DeletionTaskId.split('/').slice(1, 3).join('/')}/`)],
        evidence,
        run({ DeletionTaskId }) {
          if (!deletions.has(DeletionTaskId)) throw noSuchEntity(`Deletion task ${DeletionTaskId} cannot be found.`);
          return { Status: 'SUCCEEDED' };
        },
      },
    ),
  };
}
