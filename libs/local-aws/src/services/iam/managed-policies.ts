import { AwsError } from '../../kernel/aws-error.ts';
import { stableId } from '../../kernel/credentials.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { oneOf, text, withDefault } from '../../kit/reader.ts';
import { addTags, showTags, tagList } from '../../kit/tags.ts';
import { checkPolicy } from '../../kit/policy/check-policy.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import { Entities, type Entity } from './entities.ts';
import { arnText, deleteConflict, iamDate, noSuchEntity, pageMembers, pageShape, path } from './members.ts';
import { policyDocument, policyName } from './members.ts';
import type { RoleRegistry } from './roles.ts';

export interface PolicyVersion {
  /** `v1`, `v2` ... */
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}

/** A managed policy. Requests name it by its ARN, which is therefore its `name` as an entity. */
export interface ManagedPolicy extends Entity {
  readonly policyName: string;
  readonly description: string;
  /** Oldest first. */
  readonly versions: PolicyVersion[];
  defaultVersion: string;
  /** The number of the version that is made next. Numbers are not given twice. */
  nextVersion: number;
}

/** The managed policies: the account's own, and those of AWS that are known here. */
export class PolicyRegistry {
  readonly world: World;
  readonly roles: RoleRegistry;
  readonly entities = new Entities<ManagedPolicy>({
    exists: (arn) =>
      `A policy called ${arn.slice(arn.lastIndexOf('/') + 1)} already exists. Duplicate names are not allowed.`,
    missing: (arn) => `Policy ${arn} does not exist or is not attachable.`,
  });

  constructor(world: World, roles: RoleRegistry) {
    this.world = world;
    this.roles = roles;
    for (const [name, document] of Object.entries(AWS_MANAGED)) {
      const arn = `arn:${world.partition}:iam::aws:policy/${name}`;
      this.create({
        arn,
        path: arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1),
        document: JSON.stringify(document),
      });
    }
  }

  arn(name: string, path: string): string {
    return arnOf(this.world, 'iam', `policy${path}${name}`);
  }

  /** @throws {AwsError} NoSuchEntity */
  find(arn: string): ManagedPolicy {
    return this.entities.find(arn);
  }

  create(made: { arn: string; path: string; document: string } & Partial<ManagedPolicy>): ManagedPolicy {
    const { arn, document, ...rest } = made;
    checkPolicy(document, 'identity');
    const createdAt = this.world.clock.now();
    return this.entities.add({
      name: arn,
      arn,
      policyName: arn.slice(arn.lastIndexOf('/') + 1),
      description: '',
      createdAt,
      tags: new Map(),
      versions: [{ id: 'v1', document, createdAt }],
      defaultVersion: 'v1',
      nextVersion: 2,
      ...rest,
    });
  }

  /** The document that counts, undefined for a policy that is not there. */
  documentOf(arn: string): string | undefined {
    const policy = this.entities.get(arn);
    return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document;
  }

  attachedTo(arn: string): string[] {
    return this.roles.entities.all().flatMap((role) => (role.attachedPolicies.has(arn) ? [role.name] : []));
  }

  boundaryOf(arn: string): string[] {
    return this.roles.entities.all().flatMap((role) => (role.boundary === arn ? [role.name] : []));
  }
}

/** @throws {AwsError} AccessDenied: what AWS manages, nobody changes */
export function refuseForAws({ arn }: ManagedPolicy): void {
  if (arn.includes(':iam::aws:'))
    throw new AwsError('AccessDenied', `Policy ${arn} is managed by AWS and cannot be changed.`, 403);
}

const SCOPES = ['All', 'AWS', 'Local'] as const;

/** The actions on managed policies themselves; those on their versions are in policy-versions.ts. */
export const managedPolicyActions = (policies: PolicyRegistry): Record<string, UnboundAction> => ({
  CreatePolicy: createPolicy(policies),
  ...policyLifeActions(policies),
  ListPolicies: listPolicies(policies),
  ListEntitiesForPolicy: action(
    { ...pageMembers, PolicyArn: arnText },
    {
      resources: ({ PolicyArn }) => [PolicyArn],
      evidence: 'documented',
      run(request) {
        policies.find(request.PolicyArn);
        const names = policies.attachedTo(request.PolicyArn).map((RoleName) => ({
          RoleName,
          RoleId: stableId('AROA', policies.roles.resource(RoleName)),
        }));
        return { ...pageShape('PolicyRoles', names, request), PolicyGroups: [], PolicyUsers: [] };
      },
    },
  ),
});

function policyLifeActions(policies: PolicyRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    GetPolicy: action(
      { PolicyArn: arnText },
      {
        resources: ({ PolicyArn }) => [PolicyArn],
        evidence,
        run({ PolicyArn }) {
          const policy = policies.entities.get(PolicyArn);
          if (policy === undefined) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
          return { Policy: policyShape(policies, policy) };
        },
      },
    ),

    DeletePolicy: action(
      { PolicyArn: arnText },
      {
        resources: ({ PolicyArn }) => [PolicyArn],
        evidence,
        run({ PolicyArn }) {
          const policy = policies.find(PolicyArn);
          refuseForAws(policy);
          if (policies.attachedTo(PolicyArn).length + policies.boundaryOf(PolicyArn).length > 0) {
            throw deleteConflict('Cannot delete a policy attached to entities.');
          }
          if (policy.versions.length > 1) {
            throw deleteConflict(
              "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
                'The default version is deleted with the policy.',
            );
          }
          policies.entities.remove(policy);
          return {};
        },
      },
    ),
  };
}

const createPolicy = (policies: PolicyRegistry): UnboundAction =>
  action(
    {
      PolicyName: policyName,
      Path: withDefault(path, '/'),
      PolicyDocument: policyDocument,
      Description: withDefault(text({ max: 1000 }), ''),
      Tags: tagList('upper'),
    },
    {
      resources: ({ PolicyName, Path }) => [policies.arn(PolicyName, Path)],
      evidence: 'documented',
      run: ({ PolicyName, Path, PolicyDocument, Description, Tags }) => ({
        Policy: policyShape(
          policies,
          policies.create({
            arn: policies.arn(PolicyName, Path),
            path: Path,
            document: PolicyDocument,
            description: Description,
            tags: addTags(new Map(), Tags),
          }),
        ),
      }),
    },
  );

const listPolicies = (policies: PolicyRegistry): UnboundAction =>
  action(
    { ...pageMembers, PathPrefix: withDefault(text(), '/'), Scope: withDefault(oneOf(SCOPES), 'All') },
    {
      evidence: 'documented',
      run(request) {
        const found = policies.entities.all().filter(({ path, arn }) => {
          const scope = arn.includes(':iam::aws:') ? 'AWS' : 'Local';
          return path.startsWith(request.PathPrefix) && (request.Scope === 'All' || request.Scope === scope);
        });
        return pageShape(
          'Policies',
          found.map((policy) => policyShape(policies, policy)),
          request,
        );
      },
    },
  );

function policyShape(policies: PolicyRegistry, policy: ManagedPolicy): JsonObject {
  return {
    PolicyName: policy.policyName,
    PolicyId: stableId('ANPA', policy.arn),
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: policies.attachedTo(policy.arn).length,
    PermissionsBoundaryUsageCount: policies.boundaryOf(policy.arn).length,
    IsAttachable: true,
    ...(policy.description !== '' && { Description: policy.description }),
    CreateDate: iamDate(policy.createdAt),
    UpdateDate: iamDate(policy.versions.at(-1)?.createdAt ?? policy.createdAt),
    ...(policy.tags.size > 0 && { Tags: showTags(policy.tags, 'upper') }),
  };
}
