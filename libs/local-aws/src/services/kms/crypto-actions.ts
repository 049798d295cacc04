import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { blob, mapOf, optional, required, text } from '../../kit/reader.ts';
import type { Key } from './key.ts';
import { keyId, type KeyRing } from './key-ring.ts';

const KEY_ID_BYTES = 36;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const digests: Readonly<Record<string, string>> = {
  HMAC_SHA_224: 'sha224',
  HMAC_SHA_256: 'sha256',
  HMAC_SHA_384: 'sha384',
  HMAC_SHA_512: 'sha512',
};

/**
 * GenerateMac and VerifyMac: a signature whose key never leaves KMS. Encrypt and Decrypt: AES-256-GCM; a ciphertext is the id of
 * the key, the initialisation vector, the tag and the encrypted text.
 */
export function cryptoActions(ring: KeyRing): Record<string, UnboundAction> {
  const evidence = 'documented';
  const signing = { KeyId: keyId, Message: required(blob({ min: 1, max: 4096 })), MacAlgorithm: required(text()) };
  const encryptionContext = optional(mapOf(text()));

  return {
    GenerateMac: action(signing, {
      resources: ({ KeyId }) => [ring.resource(KeyId)],
      evidence,
      run({ KeyId, Message, MacAlgorithm }) {
        const key = ring.usable(KeyId, 'GENERATE_VERIFY_MAC', 'GenerateMac');
        return { Mac: computeMac(key, Message, MacAlgorithm), MacAlgorithm: key.algorithm, KeyId: key.arn };
      },
    }),

    VerifyMac: action(
      { ...signing, Mac: required(blob({ min: 1, max: 6144 })) },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, Message, MacAlgorithm, Mac }) {
          const key = ring.usable(KeyId, 'GENERATE_VERIFY_MAC', 'VerifyMac');
          const mac = computeMac(key, Message, MacAlgorithm);
          if (Mac.length !== mac.length || !timingSafeEqual(Mac, mac)) throw new AwsError('KMSInvalidMacException', '');
          return { KeyId: key.arn, MacValid: true, MacAlgorithm: key.algorithm };
        },
      },
    ),

    Encrypt: action(
      {
        KeyId: keyId,
        Plaintext: required(blob({ min: 1, max: 4096 })),
        EncryptionContext: encryptionContext,
      },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, Plaintext, EncryptionContext }) {
          const key = ring.usable(KeyId, 'ENCRYPT_DECRYPT', 'Encrypt');
          const iv = randomBytes(IV_BYTES);
          const cipher = createCipheriv('aes-256-gcm', key.material, iv).setAAD(canonical(EncryptionContext));
          const encrypted = Buffer.concat([cipher.update(Plaintext), cipher.final()]);
          const CiphertextBlob = Buffer.concat([Buffer.from(key.id), iv, cipher.getAuthTag(), encrypted]);
          return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: key.algorithm };
        },
      },
    ),

    Decrypt: action(
      {
        CiphertextBlob: required(blob({ min: 1, max: 6144 })),
        KeyId: optional(text({ min: 1, max: 2048 })),
        EncryptionContext: encryptionContext,
      },
      {
        resources: ({ CiphertextBlob, KeyId }) => [ring.resource(KeyId ?? keyIdOf(CiphertextBlob))],
        evidence,
        run({ CiphertextBlob, KeyId, EncryptionContext }) {
          const id = keyIdOf(CiphertextBlob);
          if (!/^[0-9a-f-]{36}$/.test(id)) throw badCiphertext();
          const key = ring.usable(id, 'ENCRYPT_DECRYPT', 'Decrypt');
          if (KeyId !== undefined && ring.find(KeyId) !== key) {
            const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
            throw new AwsError('IncorrectKeyException', message);
          }
          const Plaintext = decrypt(key, CiphertextBlob.subarray(KEY_ID_BYTES), canonical(EncryptionContext));
          return { Plaintext, KeyId: key.arn, EncryptionAlgorithm: key.algorithm };
        },
      },
    ),
  };
}

function computeMac(key: Key, message: Uint8Array, algorithm: string): Buffer {
  const digest = digests[algorithm];
  if (algorithm !== key.algorithm || digest === undefined) {
    const reason = `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`;
    throw new AwsError('InvalidKeyUsageException', reason);
  }
  return createHmac(digest, key.material).update(message).digest();
}

function decrypt(key: Key, sealed: Uint8Array, context: Buffer): Buffer {
  if (sealed.length <= IV_BYTES + TAG_BYTES) throw badCiphertext();
  const decipher = createDecipheriv('aes-256-gcm', key.material, sealed.subarray(0, IV_BYTES))
    .setAAD(context)
    .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    throw badCiphertext();
  }
}

const keyIdOf = (ciphertext: Uint8Array): string =>
  Buffer.from(ciphertext.subarray(0, KEY_ID_BYTES)).toString('latin1');

const badCiphertext = (): AwsError => new AwsError('InvalidCiphertextException', '');

/** What has to be given again to decrypt, in whatever order. */
const canonical = (context: Readonly<Record<string, string>> = {}): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).sort()));
