import { AwsError } from '../../kernel/aws-error.ts';
import type { Place } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { required, text, withDefault, type Check } from '../../kit/reader.ts';
import { keyId, refusePendingDeletion, type KeyRing } from './key-ring.ts';

/** AWS knows one policy per key, by this name. */
const NAME = 'default';
const policyName = withDefault(text({ min: 1, max: 128 }), NAME);

/** Key policies and rotation: kept and shown, as clients that manage keys ask for them. Neither changes what a key does here. */
export function policyActions(ring: KeyRing): Record<string, UnboundAction> {
  const evidence = 'documented';
  const rotation = (rotates: boolean): UnboundAction =>
    action(
      { KeyId: keyId },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId }) {
          const key = ring.find(KeyId);
          refusePendingDeletion(key);
          if (key.usage === 'GENERATE_VERIFY_MAC') {
            const message = `${key.arn} is a ${key.spec} key, which cannot be rotated.`;
            throw new AwsError('UnsupportedOperationException', message);
          }
          key.rotates = rotates;
          return {};
        },
      },
    );

  return {
    GetKeyPolicy: action(
      { KeyId: keyId, PolicyName: policyName },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, PolicyName }) {
          const { policy } = ring.find(KeyId);
          checkName(PolicyName);
          return { Policy: policy, PolicyName: NAME };
        },
      },
    ),

    PutKeyPolicy: action(
      { KeyId: keyId, PolicyName: policyName, Policy: required(policyText) },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, PolicyName, Policy }) {
          const key = ring.find(KeyId);
          refusePendingDeletion(key);
          checkName(PolicyName);
          key.policy = Policy;
          return {};
        },
      },
    ),

    ListKeyPolicies: action(
      { KeyId: keyId },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId }) {
          ring.find(KeyId);
          return { PolicyNames: [NAME], Truncated: false };
        },
      },
    ),

    GetKeyRotationStatus: action(
      { KeyId: keyId },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId }) {
          const { arn, rotates } = ring.find(KeyId);
          return { KeyId: arn, KeyRotationEnabled: rotates, ...(rotates && { RotationPeriodInDays: 365 }) };
        },
      },
    ),

    EnableKeyRotation: rotation(true),
    DisableKeyRotation: rotation(false),
  };
}

function checkName(name: string): void {
  if (name !== NAME) throw new AwsError('NotFoundException', `No such policy exists: ${name}`);
}

/** A policy document. @throws {AwsError} MalformedPolicyDocumentException */
export const policyText: Check<string> = (value, path, reading) => {
  const given = text({ max: 32_768, sensitive: true })(value, path, reading);
  try {
    JSON.parse(given);
    return given;
  } catch {
    throw new AwsError('MalformedPolicyDocumentException', 'The policy is not valid JSON.');
  }
};

/** The policy of a key that was given none: the account may do everything. [documented: KMS Developer Guide, "Default key policy"] */
export function defaultPolicy(place: Place): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: arnOf(place, 'iam', 'root') },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}
