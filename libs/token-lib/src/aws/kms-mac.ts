import type { Mac } from '../link.ts';
import { AwsRefusal, type AwsConnection, awsJson } from './signed-call.ts';

const kms = (action: string) => ({ service: 'kms', target: `TrentService.${action}`, version: '1.1' }) as const;
const MacAlgorithm = 'HMAC_SHA_256';

/** KMS keys of spec HMAC_256: they never leave KMS. A key id is an alias or an ARN. */
export function kmsMac(connection: AwsConnection): Mac {
  return {
    async sign(KeyId, message) {
      const Message = Buffer.from(message).toString('base64');
      const { Mac } = await awsJson(connection, kms('GenerateMac'), { KeyId, MacAlgorithm, Message });
      return Buffer.from(String(Mac), 'base64');
    },
    async verify(KeyId, message, mac) {
      const Message = Buffer.from(message).toString('base64');
      const Mac = Buffer.from(mac).toString('base64');
      try {
        const { MacValid } = await awsJson(connection, kms('VerifyMac'), { KeyId, MacAlgorithm, Message, Mac });
        return MacValid === true;
      } catch (error) {
        if (error instanceof AwsRefusal && error.name === 'KMSInvalidMacException') return false;
        throw error;
      }
    },
  };
}
