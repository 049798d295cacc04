import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { identity } from '../../kit/dialects.ts';
import { rolePolicyActions } from './role-policies.ts';
import { RoleRegistry, roleActions } from './roles.ts';

/** AWS IAM, as far as clients need it to set up a role. Policies are kept and not enforced. */
export function createIam(world: World): Service {
  const roles = new RoleRegistry(world);
  return { id: 'iam', actions: actionsIn(identity, { ...roleActions(roles), ...rolePolicyActions(roles) }) };
}
