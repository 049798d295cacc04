import { action, type UnboundAction } from '../../kit/action.ts';
import { checkPolicy } from '../../kit/policy/check-policy.ts';
import type { PolicyRegistry } from './managed-policies.ts';
import { arnText, noSuchEntity, pageMembers, pageShape, policyDocument, policyName, roleName } from './members.ts';
import type { RoleRegistry } from './roles.ts';

/** The actions on a role's inline and attached policies. */
export const rolePolicyActions = (roles: RoleRegistry, policies: PolicyRegistry): Record<string, UnboundAction> => ({
  ...inlinePolicyActions(roles),
  ...attachedPolicyActions(roles, policies),
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
          const role = roles.find(RoleName);
          checkPolicy(PolicyDocument, 'identity');
          role.inlinePolicies.set(PolicyName, PolicyDocument);
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
          if (document === undefined) throw missingInline(PolicyName);
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
          if (!roles.find(RoleName).inlinePolicies.delete(PolicyName)) throw missingInline(PolicyName);
          return {};
        },
      },
    ),

    ListRolePolicies: action(
      { ...pageMembers, RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run: (request) => pageShape('PolicyNames', [...roles.find(request.RoleName).inlinePolicies.keys()], request),
      },
    ),
  };
}

const missingInline = (name: string): Error => noSuchEntity(`The role policy with name ${name} cannot be found.`);

const attachment = { RoleName: roleName, PolicyArn: arnText };

/** IAM checks the role; the managed policy is a condition (`iam:PolicyARN`). */
function attachedPolicyActions(roles: RoleRegistry, policies: PolicyRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    AttachRolePolicy: action(attachment, {
      resources: ({ RoleName }) => [roles.resource(RoleName)],
      evidence,
      run({ RoleName, PolicyArn }) {
        roles.find(RoleName).attachedPolicies.add(policies.find(PolicyArn).arn);
        return {};
      },
    }),

    DetachRolePolicy: action(attachment, {
      resources: ({ RoleName }) => [roles.resource(RoleName)],
      evidence,
      run({ RoleName, PolicyArn }) {
        if (!roles.find(RoleName).attachedPolicies.delete(PolicyArn)) {
          throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
        }
        return {};
      },
    }),

    ListAttachedRolePolicies: action(
      { ...pageMembers, RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run(request) {
          const arns = [...roles.find(request.RoleName).attachedPolicies];
          const attached = arns.map((PolicyArn) => ({ PolicyName: policies.find(PolicyArn).policyName, PolicyArn }));
          return pageShape('AttachedPolicies', attached, request);
        },
      },
    ),
  };
}
