import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Action, JsonObject } from '../service.ts';
import type { KeyRing } from './key-ring.ts';
import { bytes, textMap } from './members.ts';

const KEY_ID_BYTES = 36;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypt and Decrypt with AES-256-GCM. A ciphertext is: id of the key, initialisation vector, tag, encrypted text. */
export function cipherActions(ring: KeyRing): Record<string, Action> {
  return {
    Encrypt(input) {
      const key = ring.usable(input, 'ENCRYPT_DECRYPT', 'Encrypt');
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key.material, iv).setAAD(context(input));
      const text = Buffer.concat([cipher.update(bytes(input, 'Plaintext', 4096)), cipher.final()]);
      const CiphertextBlob = Buffer.concat([Buffer.from(key.id), iv, cipher.getAuthTag(), text]);
      return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: key.algorithm };
    },

    Decrypt(input) {
      const blob = Buffer.from(bytes(input, 'CiphertextBlob', 6144));
      const KeyId = blob.subarray(0, KEY_ID_BYTES).toString('latin1');
      if (blob.length <= KEY_ID_BYTES + IV_BYTES + TAG_BYTES || !/^[0-9a-f-]{36}$/.test(KeyId)) throw badCiphertext();
      const key = ring.usable({ KeyId }, 'ENCRYPT_DECRYPT', 'Decrypt');
      if (input['KeyId'] !== undefined && ring.find(input) !== key) {
        const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
        throw new AwsError('IncorrectKeyException', message);
      }
      const rest = blob.subarray(KEY_ID_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key.material, rest.subarray(0, IV_BYTES))
        .setAAD(context(input))
        .setAuthTag(rest.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = decipher.update(rest.subarray(IV_BYTES + TAG_BYTES));
      try {
        const Plaintext = Buffer.concat([text, decipher.final()]);
        return { Plaintext, KeyId: key.arn, EncryptionAlgorithm: key.algorithm };
      } catch {
        throw badCiphertext();
      }
    },
  };
}

const badCiphertext = (): AwsError => new AwsError('InvalidCiphertextException', '');

/** What has to be given again to decrypt, in whatever order. */
function context(input: JsonObject): Buffer {
  const pairs = Object.entries(textMap(input, 'EncryptionContext')).sort();
  return Buffer.from(JSON.stringify(pairs));
}
