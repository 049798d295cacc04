import { AwsError } from '../../kernel/aws-error.ts';
import { stableId } from '../../kernel/credentials.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { text, withDefault } from '../../kit/reader.ts';
import { addTags, showTags, tagList } from '../../kit/tags.ts';
import { Entities, type Entity } from './entities.ts';
import { deleteConflict, iamDate, noSuchEntity, pageMembers, pageShape, path } from './members.ts';
import { policyName as profileName, roleName } from './members.ts';
import { roleShape, type Role, type RoleRegistry } from './roles.ts';

/** What gives a role to an EC2 instance. It holds one role at most. */
export interface InstanceProfile extends Entity {
  role?: Role | undefined;
}

export class InstanceProfiles {
  readonly roles: RoleRegistry;
  readonly entities = new Entities<InstanceProfile>({
    exists: (name) => `Instance Profile ${name} already exists.`,
    missing: (name) => `Instance Profile ${name} cannot be found.`,
  });

  constructor(roles: RoleRegistry) {
    this.roles = roles;
  }

  arn(name: string, path = '/'): string {
    return arnOf(this.roles.world, 'iam', `instance-profile${path}${name}`);
  }

  resource(name: string): string {
    return this.entities.get(name)?.arn ?? this.arn(name);
  }

  ofRole(role: Role): InstanceProfile[] {
    return this.entities.all().filter((profile) => profile.role === role);
  }
}

const byName = { InstanceProfileName: profileName };
const withRole = { ...byName, RoleName: roleName };

/** The actions on instance profiles. */
export const instanceProfileActions = (profiles: InstanceProfiles): Record<string, UnboundAction> => ({
  CreateInstanceProfile: createInstanceProfile(profiles),
  ...lifeActions(profiles),
  ...listActions(profiles),
  ...roleActions(profiles),
});

const createInstanceProfile = (profiles: InstanceProfiles): UnboundAction =>
  action(
    { ...byName, Path: withDefault(path, '/'), Tags: tagList('upper') },
    {
      resources: ({ InstanceProfileName, Path }) => [profiles.arn(InstanceProfileName, Path)],
      evidence: 'documented',
      run: ({ InstanceProfileName, Path, Tags }) => ({
        InstanceProfile: profileShape(
          profiles.entities.add({
            name: InstanceProfileName,
            path: Path,
            arn: profiles.arn(InstanceProfileName, Path),
            createdAt: profiles.roles.world.clock.now(),
            tags: addTags(new Map(), Tags),
          }),
        ),
      }),
    },
  );

function lifeActions(profiles: InstanceProfiles): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    GetInstanceProfile: action(byName, {
      resources: ({ InstanceProfileName }) => [profiles.resource(InstanceProfileName)],
      evidence,
      run: ({ InstanceProfileName }) => ({
        InstanceProfile: profileShape(profiles.entities.find(InstanceProfileName)),
      }),
    }),

    DeleteInstanceProfile: action(byName, {
      resources: ({ InstanceProfileName }) => [profiles.resource(InstanceProfileName)],
      evidence,
      run({ InstanceProfileName }) {
        const profile = profiles.entities.find(InstanceProfileName);
        if (profile.role !== undefined) {
          throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
        }
        profiles.entities.remove(profile);
        return {};
      },
    }),
  };
}

function listActions(profiles: InstanceProfiles): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    ListInstanceProfiles: action(
      { ...pageMembers, PathPrefix: withDefault(text(), '/') },
      {
        resources: () => [profiles.arn('*')],
        evidence,
        run(request) {
          const found = profiles.entities.all().filter((profile) => profile.path.startsWith(request.PathPrefix));
          return pageShape('InstanceProfiles', found.map(profileShape), request);
        },
      },
    ),

    ListInstanceProfilesForRole: action(
      { ...pageMembers, RoleName: roleName },
      {
        resources: ({ RoleName }) => [profiles.roles.resource(RoleName)],
        evidence,
        run: (request) =>
          pageShape(
            'InstanceProfiles',
            profiles.ofRole(profiles.roles.find(request.RoleName)).map(profileShape),
            request,
          ),
      },
    ),
  };
}

function roleActions(profiles: InstanceProfiles): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    AddRoleToInstanceProfile: action(withRole, {
      resources: ({ InstanceProfileName }) => [profiles.resource(InstanceProfileName)],
      evidence,
      run({ InstanceProfileName, RoleName }) {
        const profile = profiles.entities.find(InstanceProfileName);
        const role = profiles.roles.find(RoleName);
        if (profile.role !== undefined) {
          throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
        }
        profile.role = role;
        return {};
      },
    }),

    RemoveRoleFromInstanceProfile: action(withRole, {
      resources: ({ InstanceProfileName }) => [profiles.resource(InstanceProfileName)],
      evidence,
      run({ InstanceProfileName, RoleName }) {
        const profile = profiles.entities.find(InstanceProfileName);
        if (profile.role?.name !== RoleName) {
          throw noSuchEntity(`The role with name ${RoleName} cannot be found.`);
        }
        profile.role = undefined;
        return {};
      },
    }),
  };
}

const profileShape = (profile: InstanceProfile): JsonObject => ({
  Path: profile.path,
  InstanceProfileName: profile.name,
  InstanceProfileId: stableId('AIPA', profile.arn),
  Arn: profile.arn,
  CreateDate: iamDate(profile.createdAt),
  Roles: profile.role === undefined ? [] : [roleShape(profile.role)],
  ...(profile.tags.size > 0 && { Tags: showTags(profile.tags, 'upper') }),
});
