/** The adapters over KMS, whose SDK client is loaded by the first call (see client-options.ts). */
import type { Mac } from '../wire/link.ts';
import { once } from '../once.ts';
import type { ClientOptions } from './client-options.ts';

export function keyMac(options: ClientOptions): Mac {
  const mac = once(async () => {
    const { KMSClient, kmsMac } = await import('./kms-mac.ts');
    return kmsMac(new KMSClient(options));
  });
  return {
    sign: async (keyId, message) => (await mac()).sign(keyId, message),
    verify: async (keyId, message, signature) => (await mac()).verify(keyId, message, signature),
  };
}
