import { stableId } from '../../kernel/credentials.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { integer, optional, text, withDefault } from '../../kit/reader.ts';
import { addTags, showTags, tagList } from '../../kit/tags.ts';
import { checkPolicy } from '../../kit/policy/check-policy.ts';
import { Entities, type Entity } from './entities.ts';
import { arnText, deleteConflict, iamDate, pageMembers, pageShape, path } from './members.ts';
import { policyDocument, roleName } from './members.ts';

export interface Role extends Entity {
  /** Who may assume it: a policy document. */
  trustPolicy: string;
  description: string;
  maxSessionSeconds: number;
  /** The ARN of the managed policy that bounds it. */
  boundary?: string | undefined;
  /** Policy documents by their names. */
  readonly inlinePolicies: Map<string, string>;
  /** The ARNs of managed policies. */
  readonly attachedPolicies: Set<string>;
}

/** The roles of the account, by name. */
export class RoleRegistry {
  readonly world: World;
  readonly entities = new Entities<Role>({
    exists: (name) => `Role with name ${name} already exists.`,
    missing: (name) => `The role with name ${name} cannot be found.`,
  });

  constructor(world: World) {
    this.world = world;
  }

  /** @throws {AwsError} NoSuchEntity */
  find(name: string): Role {
    return this.entities.find(name);
  }

  byArn(arn: string): Role | undefined {
    const role = this.entities.get(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  arn(name: string, path = '/'): string {
    return arnOf(this.world, 'iam', `role${path}${name}`);
  }

  /** The role's ARN as IAM sees it. What is not there has the ARN that it would have without a path. */
  resource(name: string): string {
    return this.entities.get(name)?.arn ?? this.arn(name);
  }

  /** @throws {AwsError} MalformedPolicyDocument, EntityAlreadyExists */
  create(role: Pick<Role, 'name' | 'path' | 'trustPolicy'> & Partial<Role>): Role {
    checkPolicy(role.trustPolicy, 'trust');
    return this.entities.add({
      arn: this.arn(role.name, role.path),
      createdAt: this.world.clock.now(),
      description: '',
      maxSessionSeconds: 3600,
      tags: new Map(),
      inlinePolicies: new Map(),
      attachedPolicies: new Set(),
      ...role,
    });
  }
}

/** What must be gone before a role can go. */
type InUse = (role: Role) => boolean;

/** The actions on roles themselves. */
export const roleActions = (roles: RoleRegistry, inInstanceProfile: InUse): Record<string, UnboundAction> => ({
  CreateRole: createRole(roles),
  ...roleLifeActions(roles, inInstanceProfile),
  ...roleChangeActions(roles),
});

function roleLifeActions(roles: RoleRegistry, inInstanceProfile: InUse): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    GetRole: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run: ({ RoleName }) => ({ Role: roleShape(roles.find(RoleName)) }),
      },
    ),

    ListRoles: action(
      { ...pageMembers, PathPrefix: withDefault(text(), '/') },
      {
        evidence,
        run(request) {
          const found = roles.entities.all().filter((role) => role.path.startsWith(request.PathPrefix));
          return pageShape('Roles', found.map(listedShape), request);
        },
      },
    ),

    DeleteRole: action(
      { RoleName: roleName },
      {
        resources: ({ RoleName }) => [roles.resource(RoleName)],
        evidence,
        run({ RoleName }) {
          const role = roles.find(RoleName);
          const holds = (what: string): Error => deleteConflict(`Cannot delete entity, must ${what} first.`);
          if (role.inlinePolicies.size > 0) throw holds('delete policies');
          if (role.attachedPolicies.size > 0) throw holds('detach all policies');
          if (inInstanceProfile(role)) throw holds('remove roles from instance profile');
          roles.entities.remove(role);
          return {};
        },
      },
    ),
  };
}

/** The actions that change a role which is there. */
function roleChangeActions(roles: RoleRegistry): Record<string, UnboundAction> {
  const change = <S extends object>(set: (role: Role, request: S) => void) => ({
    resources: ({ RoleName }: S & { RoleName: string }) => [roles.resource(RoleName)],
    evidence: 'documented' as const,
    run(request: S & { RoleName: string }): JsonObject {
      set(roles.find(request.RoleName), request);
      return {};
    },
  });
  const Description = optional(text({ max: 1000 }));
  const MaxSessionDuration = optional(integer({ min: 3600, max: 43_200 }));
  return {
    UpdateRole: action(
      { RoleName: roleName, Description, MaxSessionDuration },
      change((role, request: { Description: string | undefined; MaxSessionDuration: number | undefined }) => {
        role.description = request.Description ?? role.description;
        role.maxSessionSeconds = request.MaxSessionDuration ?? role.maxSessionSeconds;
      }),
    ),

    UpdateAssumeRolePolicy: action(
      { RoleName: roleName, PolicyDocument: policyDocument },
      change((role, { PolicyDocument }: { PolicyDocument: string }) => {
        checkPolicy(PolicyDocument, 'trust');
        role.trustPolicy = PolicyDocument;
      }),
    ),

    PutRolePermissionsBoundary: action(
      { RoleName: roleName, PermissionsBoundary: arnText },
      change((role, { PermissionsBoundary }: { PermissionsBoundary: string }) => {
        role.boundary = PermissionsBoundary;
      }),
    ),

    DeleteRolePermissionsBoundary: action(
      { RoleName: roleName },
      change((role) => {
        role.boundary = undefined;
      }),
    ),
  };
}

const createRole = (roles: RoleRegistry): UnboundAction =>
  action(
    {
      RoleName: roleName,
      Path: withDefault(path, '/'),
      AssumeRolePolicyDocument: policyDocument,
      Description: withDefault(text({ max: 1000 }), ''),
      MaxSessionDuration: withDefault(integer({ min: 3600, max: 43_200 }), 3600),
      PermissionsBoundary: optional(arnText),
      Tags: tagList('upper'),
    },
    {
      resources: ({ RoleName, Path }) => [roles.arn(RoleName, Path)],
      evidence: 'documented',
      run: ({ RoleName, Path, AssumeRolePolicyDocument, Tags, ...settings }) => ({
        Role: roleShape(
          roles.create({
            name: RoleName,
            path: Path,
            trustPolicy: AssumeRolePolicyDocument,
            description: settings.Description,
            maxSessionSeconds: settings.MaxSessionDuration,
            boundary: settings.PermissionsBoundary,
            tags: addTags(new Map(), Tags),
          }),
        ),
      }),
    },
  );

/** Lists leave out tags and boundary. [documented: IAM API Reference, "ListRoles"] */
const listedShape = (role: Role): JsonObject => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: stableId('AROA', role.arn),
  Arn: role.arn,
  CreateDate: iamDate(role.createdAt),
  AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
});

/** Policy documents are percent-encoded in responses. [documented: IAM API Reference, "GetRole"] */
export const roleShape = (role: Role): JsonObject => ({
  ...listedShape(role),
  ...(role.boundary !== undefined && {
    PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
  }),
  ...(role.tags.size > 0 && { Tags: showTags(role.tags, 'upper') }),
});
