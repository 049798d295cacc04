import { legacy, type LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { stableId } from '../../kernel/credentials.ts';
import { optionalText, text } from '../../members.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';

interface Role {
  readonly description: JsonObject;
  readonly inlinePolicies: Map<string, string>;
  readonly attachedPolicies: Set<string>;
}

/** IAM, as far as clients need it to set up a role. Policies are kept and not enforced. */
export function createIam(world: World): Service {
  const roles = new Map<string, Role>();
  const find = (input: JsonObject): Role => {
    const name = text(input, 'RoleName');
    const role = roles.get(name);
    if (role !== undefined) return role;
    throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  };

  const actions: Record<string, Action> = {
    CreateRole(input) {
      const name = text(input, 'RoleName');
      if (roles.has(name)) throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
      const role = { description: describeRole(world, name, input), inlinePolicies: new Map<string, string>() };
      roles.set(name, { ...role, attachedPolicies: new Set() });
      return { Role: role.description };
    },
    GetRole: (input) => ({ Role: find(input).description }),
    ListRoles: () => ({ Roles: [...roles.values()].map((role) => role.description), IsTruncated: false }),
    DeleteRole(input) {
      find(input);
      roles.delete(text(input, 'RoleName'));
      return {};
    },
    PutRolePolicy(input) {
      find(input).inlinePolicies.set(text(input, 'PolicyName'), text(input, 'PolicyDocument'));
      return {};
    },
    GetRolePolicy(input) {
      const { RoleName, PolicyName } = input;
      const PolicyDocument = find(input).inlinePolicies.get(String(PolicyName));
      if (PolicyDocument === undefined) {
        throw new AwsError('NoSuchEntity', `The role policy with name ${String(PolicyName)} cannot be found.`, 404);
      }
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(PolicyDocument) };
    },
    DeleteRolePolicy(input) {
      find(input).inlinePolicies.delete(text(input, 'PolicyName'));
      return {};
    },
    ListRolePolicies: (input) => ({ PolicyNames: [...find(input).inlinePolicies.keys()], IsTruncated: false }),
    AttachRolePolicy(input) {
      find(input).attachedPolicies.add(text(input, 'PolicyArn'));
      return {};
    },
    DetachRolePolicy(input) {
      find(input).attachedPolicies.delete(text(input, 'PolicyArn'));
      return {};
    },
    ListAttachedRolePolicies: (input) => ({
      AttachedPolicies: [...find(input).attachedPolicies].map((PolicyArn) => ({
        PolicyArn,
        PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
      })),
      IsTruncated: false,
    }),
  };
  return { id: 'iam', actions: legacy(actions) };
}

function describeRole(world: World, name: string, input: JsonObject): JsonObject {
  const path = optionalText(input, 'Path') ?? '/';
  const arn = `arn:aws:iam::${world.accountId}:role${path}${name}`;
  return {
    Path: path,
    RoleName: name,
    RoleId: stableId('AROA', arn),
    Arn: arn,
    CreateDate: new Date(world.clock.now()).toISOString(),
    AssumeRolePolicyDocument: encodeURIComponent(text(input, 'AssumeRolePolicyDocument')),
    Description: optionalText(input, 'Description') ?? '',
    MaxSessionDuration: Number(input['MaxSessionDuration'] ?? 3600),
    ...(input['Tags'] === undefined ? {} : { Tags: input['Tags'] }),
  };
}
