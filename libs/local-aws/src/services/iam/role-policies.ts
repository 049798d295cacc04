import { action, type UnboundAction } from '../../kit/action.ts';
import { required, text } from '../../kit/reader.ts';
import { noSuchEntity, policyDocument, policyName, roleName, type RoleRegistry } from './roles.ts';

/** The actions on a role's inline and attached policies. */
export const rolePolicyActions = (roles: RoleRegistry): Record<string, UnboundAction> => ({
  ...inlinePolicyActions(roles),
  ...attachedPolicyActions(roles),
});

function inlinePolicyActions(roles: RoleRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    PutRolePolicy: action(
      { RoleName: roleName, PolicyName: policyName, PolicyDocument: policyDocument },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run({ RoleName, PolicyName, PolicyDocument }) {
          roles.find(RoleName).inlinePolicies.set(PolicyName, PolicyDocument);
          return {};
        },
      },
    ),

    GetRolePolicy: action(
      { RoleName: roleName, PolicyName: policyName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run({ RoleName, PolicyName }) {
          const document = roles.find(RoleName).inlinePolicies.get(PolicyName);
          if (document === undefined) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
          return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) };
        },
      },
    ),

    DeleteRolePolicy: action(
      { RoleName: roleName, PolicyName: policyName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run({ RoleName, PolicyName }) {
          roles.find(RoleName).inlinePolicies.delete(PolicyName);
          return {};
        },
      },
    ),

    ListRolePolicies: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run: ({ RoleName }) => ({
          PolicyNames: [...roles.find(RoleName).inlinePolicies.keys()],
          IsTruncated: false,
        }),
      },
    ),
  };
}

const attachment = { RoleName: roleName, PolicyArn: required(text({ min: 20, max: 2048 })) };

/** IAM checks the role; the managed policy is a condition (`iam:PolicyARN`). */
function attachedPolicyActions(roles: RoleRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    AttachRolePolicy: action(attachment, {
      resources: ({ RoleName }) => [roles.resource(RoleName)],
      evidence,
      run({ RoleName, PolicyArn }) {
        roles.find(RoleName).attachedPolicies.add(PolicyArn);
        return {};
      },
    }),

    DetachRolePolicy: action(attachment, {
      resources: ({ RoleName }) => [roles.resource(RoleName)],
      evidence,
      run({ RoleName, PolicyArn }) {
        roles.find(RoleName).attachedPolicies.delete(PolicyArn);
        return {};
      },
    }),

    ListAttachedRolePolicies: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run: ({ RoleName }) => ({
          AttachedPolicies: [...roles.find(RoleName).attachedPolicies].map((PolicyArn) => ({
            PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
            PolicyArn,
          })),
          IsTruncated: false,
        }),
      },
    ),
  };
}
