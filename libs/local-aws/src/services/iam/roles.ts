import { AwsError } from '../../kernel/aws-error.ts';
import { stableId } from '../../kernel/credentials.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { integer, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, showTags, tagList, type Tags } from '../../kit/tags.ts';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly trustPolicy: string;
  readonly description: string;
  readonly maxSessionSeconds: number;
  readonly tags: Tags;
  /** Policy documents by their names. */
  readonly inlinePolicies: Map<string, string>;
  /** The ARNs of managed policies. */
  readonly attachedPolicies: Set<string>;
}

/** The names of roles and inline policies. [documented: IAM API Reference] */
const NAME_PATTERN = /[\w+=,.@-]+/;
export const roleName = required(text({ min: 1, max: 64, pattern: NAME_PATTERN }));
export const policyName = required(text({ min: 1, max: 128, pattern: NAME_PATTERN }));
export const policyDocument = required(text({ min: 1, max: 131_072, sensitive: true }));

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);

/** The roles of the account, by name. */
export class RoleRegistry {
  readonly world: World;
  readonly all = new Map<string, Role>();

  constructor(world: World) {
    this.world = world;
  }

  /** @throws {AwsError} NoSuchEntity */
  find(name: string): Role {
    const role = this.all.get(name);
    if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  arn(name: string, path = '/'): string {
    return arnOf(this.world, 'iam', `role${path}${name}`);
  }

  /** The role's ARN as IAM sees it. What is not there has the ARN that it would have without a path. */
  resource(name: string): string {
    return this.all.get(name)?.arn ?? this.arn(name);
  }
}

/** The actions on roles themselves. */
export function roleActions(roles: RoleRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    CreateRole: createRole(roles),

    GetRole: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run: ({ RoleName }) => ({ Role: roleShape(roles.find(RoleName)) }),
      },
    ),

    ListRoles: action(
      {},
      { evidence, run: () => ({ Roles: [...roles.all.values()].map(roleShape), IsTruncated: false }) },
    ),

    DeleteRole: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run({ RoleName }) {
          roles.all.delete(roles.find(RoleName).name);
          return {};
        },
      },
    ),
  };
}

const createRole = (roles: RoleRegistry): UnboundAction =>
  action(
    {
      RoleName: roleName,
      Path: withDefault(text({ min: 1, max: 512, pattern: /\/[\x21-\x7e]+\/|\// }), '/'),
      AssumeRolePolicyDocument: policyDocument,
      Description: withDefault(text({ max: 1000 }), ''),
      MaxSessionDuration: withDefault(integer({ min: 3600, max: 43_200 }), 3600),
      Tags: tagList('upper'),
    },
    {
      resources: ({ RoleName, Path }) => [roles.arn(RoleName, Path)],
      evidence: 'documented',
      run({ RoleName, Path, AssumeRolePolicyDocument, Description, MaxSessionDuration, Tags }) {
        if (roles.all.has(RoleName)) {
          throw new AwsError('EntityAlreadyExists', `Role with name ${RoleName} already exists.`, 409);
        }
        const role: Role = {
          name: RoleName,
          path: Path,
          arn: roles.arn(RoleName, Path),
          createdAt: roles.world.clock.now(),
          trustPolicy: AssumeRolePolicyDocument,
          description: Description,
          maxSessionSeconds: MaxSessionDuration,
          tags: addTags(new Map(), Tags),
          inlinePolicies: new Map(),
          attachedPolicies: new Set(),
        };
        roles.all.set(role.name, role);
        return { Role: roleShape(role) };
      },
    },
  );

/** Policy documents are percent-encoded in responses. [documented: IAM API Reference, "GetRole"] */
const roleShape = (role: Role): JsonObject => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: stableId('AROA', role.arn),
  Arn: role.arn,
  CreateDate: new Date(role.createdAt).toISOString(),
  AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  ...(role.tags.size > 0 && { Tags: showTags(role.tags, 'upper') }),
});
