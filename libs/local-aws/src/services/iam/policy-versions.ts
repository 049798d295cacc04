import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, required, text, withDefault } from '../../kit/reader.ts';
import { checkPolicy } from '../../kit/policy/check-policy.ts';
import { arnText, deleteConflict, iamDate, noSuchEntity, pageMembers, pageShape, policyDocument } from './members.ts';
import { refuseForAws, type ManagedPolicy, type PolicyRegistry, type PolicyVersion } from './managed-policies.ts';

/** [documented: IAM User Guide, "IAM and AWS STS quotas"] */
const MOST_VERSIONS = 5;

const versionId = required(text({ pattern: /v[1-9][0-9]*(\.[A-Za-z0-9-]*)?/ }));

const versionOf = (policy: ManagedPolicy, id: string): PolicyVersion => {
  const version = policy.versions.find((each) => each.id === id);
  if (version === undefined)
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
};

const versionShape = (
  { defaultVersion }: ManagedPolicy,
  { id, document, createdAt }: PolicyVersion,
  whole: boolean,
): JsonObject => ({
  ...(whole && { Document: encodeURIComponent(document) }),
  VersionId: id,
  IsDefaultVersion: id === defaultVersion,
  CreateDate: iamDate(createdAt),
});

/** The actions on the versions of managed policies. */
export const policyVersionActions = (policies: PolicyRegistry): Record<string, UnboundAction> => ({
  CreatePolicyVersion: createPolicyVersion(policies),
  ...readActions(policies),
  ...changeActions(policies),
});

const createPolicyVersion = (policies: PolicyRegistry): UnboundAction =>
  action(
    { PolicyArn: arnText, PolicyDocument: policyDocument, SetAsDefault: withDefault(flag, false) },
    {
      resources: ({ PolicyArn }) => [PolicyArn],
      evidence: 'documented',
      run({ PolicyArn, PolicyDocument, SetAsDefault }) {
        const policy = policies.find(PolicyArn);
        refuseForAws(policy);
        checkPolicy(PolicyDocument, 'identity');
        if (policy.versions.length >= MOST_VERSIONS) {
          throw new AwsError(
            'LimitExceeded',
            'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
            409,
          );
        }
        const version = {
          id: `v${policy.nextVersion}`,
          document: PolicyDocument,
          createdAt: policies.world.clock.now(),
        };
        policy.nextVersion += 1;
        policy.versions.push(version);
        if (SetAsDefault) policy.defaultVersion = version.id;
        return { PolicyVersion: versionShape(policy, version, false) };
      },
    },
  );

function readActions(policies: PolicyRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    GetPolicyVersion: action(
      { PolicyArn: arnText, VersionId: versionId },
      {
        resources: ({ PolicyArn }) => [PolicyArn],
        evidence,
        run({ PolicyArn, VersionId }) {
          const policy = policies.find(PolicyArn);
          return { PolicyVersion: versionShape(policy, versionOf(policy, VersionId), true) };
        },
      },
    ),

    ListPolicyVersions: action(
      { ...pageMembers, PolicyArn: arnText },
      {
        resources: ({ PolicyArn }) => [PolicyArn],
        evidence,
        run(request) {
          const policy = policies.find(request.PolicyArn);
          const newestFirst = policy.versions.toReversed();
          return pageShape(
            'Versions',
            newestFirst.map((version) => versionShape(policy, version, false)),
            request,
          );
        },
      },
    ),
  };
}

function changeActions(policies: PolicyRegistry): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    SetDefaultPolicyVersion: action(
      { PolicyArn: arnText, VersionId: versionId },
      {
        resources: ({ PolicyArn }) => [PolicyArn],
        evidence,
        run({ PolicyArn, VersionId }) {
          const policy = policies.find(PolicyArn);
          refuseForAws(policy);
          policy.defaultVersion = versionOf(policy, VersionId).id;
          return {};
        },
      },
    ),

    DeletePolicyVersion: action(
      { PolicyArn: arnText, VersionId: versionId },
      {
        resources: ({ PolicyArn }) => [PolicyArn],
        evidence,
        run({ PolicyArn, VersionId }) {
          const policy = policies.find(PolicyArn);
          refuseForAws(policy);
          const version = versionOf(policy, VersionId);
          if (version.id === policy.defaultVersion) {
            throw deleteConflict('Cannot delete the default version of a policy.');
          }
          policy.versions.splice(policy.versions.indexOf(version), 1);
          return {};
        },
      },
    ),
  };
}
