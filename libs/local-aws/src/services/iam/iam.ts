import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { identity } from '../../kit/dialects.ts';
import { createIdentityProviders, identityProviderActions } from './identity-providers.ts';
import { instanceProfileActions, InstanceProfiles } from './instance-profiles.ts';
import { managedPolicyActions, PolicyRegistry } from './managed-policies.ts';
import { arnText, policyName, roleName } from './members.ts';
import { policyVersionActions } from './policy-versions.ts';
import { rolePolicyActions } from './role-policies.ts';
import { RoleRegistry, roleActions } from './roles.ts';
import { serviceLinkedRoleActions } from './service-linked-roles.ts';
import { simulationActions } from './simulation.ts';
import { tagActions } from './tag-actions.ts';
import { userActions } from './users.ts';

/** What enforcement and the metadata service of hosts look up. */
export interface Iam extends Service {
  readonly roles: RoleRegistry;
  readonly policies: PolicyRegistry;
  readonly instanceProfiles: InstanceProfiles;
}

/** AWS IAM: roles, policies, instance profiles and identity providers. There are no users and no groups. */
export function createIam(world: World): Iam {
  const roles = new RoleRegistry(world);
  const policies = new PolicyRegistry(world, roles);
  const instanceProfiles = new InstanceProfiles(roles);
  const providers = createIdentityProviders();
  const itself = (arn: string): string => arn;
  return {
    id: 'iam',
    resourceFacts: {
      policyOf: (arn) => roles.byArn(arn)?.trustPolicy,
      tagsOf: (arn) => (roles.byArn(arn) ?? policies.entities.get(arn))?.tags,
    },
    roles,
    policies,
    instanceProfiles,
    actions: actionsIn(identity, {
      ...roleActions(roles, (role) => instanceProfiles.ofRole(role).length > 0),
      ...rolePolicyActions(roles, policies),
      ...managedPolicyActions(policies),
      ...policyVersionActions(policies),
      ...instanceProfileActions(instanceProfiles),
      ...identityProviderActions(world, providers),
      ...serviceLinkedRoleActions(world, roles),
      ...userActions(world),
      ...simulationActions(world, roles, policies),
      ...tagActions({
        kind: 'Role',
        member: 'RoleName',
        check: roleName,
        entities: roles.entities,
        resource: (name) => roles.resource(name),
      }),
      ...tagActions({
        kind: 'Policy',
        member: 'PolicyArn',
        check: arnText,
        entities: policies.entities,
        resource: itself,
      }),
      ...tagActions({
        kind: 'InstanceProfile',
        member: 'InstanceProfileName',
        check: policyName,
        entities: instanceProfiles.entities,
        resource: (name) => instanceProfiles.resource(name),
      }),
      ...tagActions({
        kind: 'OpenIDConnectProvider',
        member: 'OpenIDConnectProviderArn',
        check: arnText,
        entities: providers,
        resource: itself,
      }),
    }),
  };
}
