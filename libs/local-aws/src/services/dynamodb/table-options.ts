import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, World } from '../../kernel/service.ts';
import { flag, oneOf, optional, required, structure, text } from '../../kit/reader.ts';
import { arnOf } from '../../kit/arn.ts';
import { invalid, invalidParameters } from './refusals.ts';
import type { StreamSettings } from './table-settings.ts';

export const streamMember = structure({
  StreamEnabled: required(flag),
  StreamViewType: optional(oneOf(['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'])),
});

export const encryptionMember = structure({
  Enabled: optional(flag),
  SSEType: optional(oneOf(['AES256', 'KMS'])),
  KMSMasterKeyId: optional(text()),
});

type StreamSpecification = ReturnType<typeof streamMember>;
type EncryptionSpecification = ReturnType<typeof encryptionMember>;

/**
 * Returns the settings of a stream that is enabled or disabled; a label remains when it is.
 * @throws {AwsError} ValidationException: documented, its texts guessed
 */
export function streamSettings(
  given: StreamSpecification | undefined,
  before: StreamSettings | undefined,
  now: number,
): StreamSettings | undefined {
  if (given === undefined) return before;
  if (given.StreamEnabled && given.StreamViewType === undefined) {
    throw invalidParameters('StreamViewType is required when StreamEnabled is true');
  }
  if (given.StreamEnabled && before?.enabled) throw invalid('Table already has an enabled stream');
  if (!given.StreamEnabled) return before && { ...before, enabled: false };
  const label = new Date(now).toISOString().replace('Z', '');
  return { enabled: true, viewType: given.StreamViewType, label };
}

/**
 * Returns the ARN of the key that a table is encrypted with; undefined for the key that AWS owns.
 * @throws {AwsError} ValidationException for a key that is not there: documented, its text guessed
 */
export async function encryptionKey(
  world: World,
  caller: Caller,
  given: EncryptionSpecification | undefined,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (given.Enabled !== true) {
    if (given.SSEType === undefined && given.KMSMasterKeyId === undefined) return undefined;
    throw invalidParameters('SSEType and KMSMasterKeyId can only be specified when Enabled is true');
  }
  if (given.SSEType === 'AES256') throw invalidParameters('SSEType AES256 is not supported');
  // Documented: without a key of its own a table has the one that AWS manages for DynamoDB in the account.
  if (given.KMSMasterKeyId === undefined) return arnOf(caller, 'kms', 'alias/aws/dynamodb');
  try {
    const { KeyMetadata } = await world.call(caller, 'kms:DescribeKey', { KeyId: given.KMSMasterKeyId });
    return arnIn(KeyMetadata);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(`KMS key ${given.KMSMasterKeyId} cannot be used: ${error.message}`);
  }
}

function arnIn(keyMetadata: unknown): string | undefined {
  if (typeof keyMetadata !== 'object' || keyMetadata === null || !('Arn' in keyMetadata)) return undefined;
  return typeof keyMetadata.Arn === 'string' ? keyMetadata.Arn : undefined;
}
