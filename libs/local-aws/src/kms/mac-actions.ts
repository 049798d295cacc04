import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Action, JsonObject } from '../service.ts';
import type { Key } from './key.ts';
import type { KeyRing } from './key-ring.ts';
import { bytes, requiredText } from './members.ts';

const digests: Readonly<Record<string, string>> = {
  HMAC_SHA_224: 'sha224',
  HMAC_SHA_256: 'sha256',
  HMAC_SHA_384: 'sha384',
  HMAC_SHA_512: 'sha512',
};

/** GenerateMac and VerifyMac: a signature whose key never leaves KMS. */
export function macActions(ring: KeyRing): Record<string, Action> {
  return {
    GenerateMac(input) {
      const { key, mac } = computeMac(ring, input, 'GenerateMac');
      return { Mac: mac, MacAlgorithm: key.algorithm, KeyId: key.arn };
    },

    VerifyMac(input) {
      const given = bytes(input, 'Mac', 6144);
      const { key, mac } = computeMac(ring, input, 'VerifyMac');
      if (given.length !== mac.length || !timingSafeEqual(given, mac)) throw new AwsError('KMSInvalidMacException', '');
      return { KeyId: key.arn, MacValid: true, MacAlgorithm: key.algorithm };
    },
  };
}

function computeMac(ring: KeyRing, input: JsonObject, action: string): { key: Key; mac: Buffer } {
  const message = bytes(input, 'Message', 4096);
  const algorithm = requiredText(input, 'MacAlgorithm');
  const key = ring.usable(input, 'GENERATE_VERIFY_MAC', action);
  if (algorithm !== key.algorithm) {
    const reason = `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`;
    throw new AwsError('InvalidKeyUsageException', reason);
  }
  const mac = createHmac(digests[algorithm] as string, key.material)
    .update(message)
    .digest();
  return { key, mac };
}
