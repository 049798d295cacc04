import { createHmac } from 'node:crypto';
import type { Mac } from '../wire/link.ts';

/** HMAC under keys that are their own names. */
export function fakeMac(): Mac {
  const sign = (keyId: string, message: string): Buffer => createHmac('sha256', keyId).update(message).digest();
  return {
    sign: async (keyId, message) => sign(keyId, message),
    verify: async (keyId, message, mac) => sign(keyId, message).equals(mac),
  };
}
