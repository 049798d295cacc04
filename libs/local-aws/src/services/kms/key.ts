import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';

export type KeyUsage = 'GENERATE_VERIFY_MAC' | 'ENCRYPT_DECRYPT';

interface KeySpec {
  readonly usage: KeyUsage;
  readonly materialBytes: number;
  readonly algorithm: string;
}

/** The specs that are here, with the one algorithm that each is good for. */
export const keySpecs: Readonly<Record<string, KeySpec>> = {
  HMAC_224: { usage: 'GENERATE_VERIFY_MAC', materialBytes: 28, algorithm: 'HMAC_SHA_224' },
  HMAC_256: { usage: 'GENERATE_VERIFY_MAC', materialBytes: 32, algorithm: 'HMAC_SHA_256' },
  HMAC_384: { usage: 'GENERATE_VERIFY_MAC', materialBytes: 48, algorithm: 'HMAC_SHA_384' },
  HMAC_512: { usage: 'GENERATE_VERIFY_MAC', materialBytes: 64, algorithm: 'HMAC_SHA_512' },
  SYMMETRIC_DEFAULT: { usage: 'ENCRYPT_DECRYPT', materialBytes: 32, algorithm: 'SYMMETRIC_DEFAULT' },
};

export type KeyState =
  | { readonly name: 'Enabled' }
  | { readonly name: 'Disabled' }
  | { readonly name: 'PendingDeletion'; readonly deletionAt: Millis };

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly accountId: string;
  readonly spec: string;
  readonly usage: KeyUsage;
  readonly algorithm: string;
  readonly description: string;
  readonly createdAt: Millis;
  readonly material: Buffer;
  readonly tags: Map<string, string>;
  state: KeyState;
  /** JSON text. */
  policy: string;
  rotates: boolean;
}

/** The key in the shape of KeyMetadata. */
export function keyMetadata(key: Key): JsonObject {
  const isMac = key.usage === 'GENERATE_VERIFY_MAC';
  return {
    AWSAccountId: key.accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.createdAt / 1000,
    Enabled: key.state.name === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state.name,
    ...(key.state.name === 'PendingDeletion' && { DeletionDate: key.state.deletionAt / 1000 }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...(isMac ? { MacAlgorithms: [key.algorithm] } : { EncryptionAlgorithms: [key.algorithm] }),
    MultiRegion: false,
  };
}
