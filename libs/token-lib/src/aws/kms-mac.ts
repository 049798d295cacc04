import { GenerateMacCommand, KMSInvalidMacException, type KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import type { Mac } from '../wire/link.ts';

export { KMSClient } from '@aws-sdk/client-kms';

const MacAlgorithm = 'HMAC_SHA_256';

/** KMS keys of spec HMAC_256, which never leave KMS. A key id is an alias or an ARN. */
export function kmsMac(client: KMSClient): Mac {
  return {
    async sign(KeyId, message) {
      const Message = Buffer.from(message);
      const { Mac } = await client.send(new GenerateMacCommand({ KeyId, MacAlgorithm, Message }));
      if (Mac === undefined) throw new Error('KMS answered without a MAC');
      return Mac;
    },
    async verify(KeyId, message, mac) {
      try {
        const Message = Buffer.from(message);
        const { MacValid } = await client.send(new VerifyMacCommand({ KeyId, MacAlgorithm, Message, Mac: mac }));
        return MacValid === true;
      } catch (error) {
        if (error instanceof KMSInvalidMacException) return false;
        throw error;
      }
    },
  };
}
