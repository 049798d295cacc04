import { AwsError } from '../aws-error.ts';
import type { Action, JsonObject } from '../service.ts';
import type { Key } from './key.ts';
import { refusePendingDeletion, type KeyRing } from './key-ring.ts';
import { optionalText, requiredText } from './members.ts';

/** AWS knows one policy per key, by this name. */
const NAME = 'default';

/** Key policies and rotation: kept and shown, as clients that manage keys ask for them. Neither changes what a key does here. */
export function policyActions(ring: KeyRing): Record<string, Action> {
  return {
    GetKeyPolicy(input) {
      const key = ring.find(input);
      checkName(input);
      return { Policy: key.policy, PolicyName: NAME };
    },

    PutKeyPolicy(input) {
      const key = ring.find(input);
      refusePendingDeletion(key);
      checkName(input);
      key.policy = readPolicy(requiredText(input, 'Policy'));
      return {};
    },

    ListKeyPolicies(input) {
      ring.find(input);
      return { PolicyNames: [NAME], Truncated: false };
    },

    GetKeyRotationStatus(input) {
      const key = ring.find(input);
      return { KeyId: key.arn, KeyRotationEnabled: key.rotates, ...(key.rotates && { RotationPeriodInDays: 365 }) };
    },

    EnableKeyRotation: (input) => rotate(ring.find(input), true),
    DisableKeyRotation: (input) => rotate(ring.find(input), false),
  };
}

function rotate(key: Key, rotates: boolean): JsonObject {
  refusePendingDeletion(key);
  if (key.usage === 'GENERATE_VERIFY_MAC') {
    throw new AwsError('UnsupportedOperationException', `${key.arn} is a ${key.spec} key, which cannot be rotated.`);
  }
  key.rotates = rotates;
  return {};
}

function checkName(input: JsonObject): void {
  const name = optionalText(input, 'PolicyName') ?? NAME;
  if (name !== NAME) throw new AwsError('NotFoundException', `No such policy exists: ${name}`);
}

/** @throws {AwsError} MalformedPolicyDocumentException */
export function readPolicy(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError('MalformedPolicyDocumentException', 'The policy is not valid JSON.');
  }
}

/** What a key has when nobody gave it a policy: the account may do everything. */
export function defaultPolicy(accountId: string): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}
