import { AwsError } from '../../kernel/aws-error.ts';
import { serviceCaller } from '../../kernel/caller.ts';
import type { Caller, World } from '../../kernel/service.ts';

/** The service as key policies name it: with its region. [documented: CloudWatch Logs User Guide, "Encrypt log data"] */
function logsCaller(world: World, sourceArn: string): Caller {
  return { ...serviceCaller(world, 'logs', sourceArn), principalArn: `logs.${world.region}.amazonaws.com` };
}

/**
 * Tries the key as the service itself, in the encryption context of the group, so that a policy that does not let it is found at once.
 * @throws {AwsError} InvalidParameterException
 */
export async function encryptsWith(world: World, arn: string, kmsKeyId: string): Promise<void> {
  const sample = { KeyId: kmsKeyId, Plaintext: Buffer.from('logs'), EncryptionContext: { 'aws:logs:arn': arn } };
  try {
    await world.call(logsCaller(world, arn), 'kms:Encrypt', sample);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = `The specified KMS Key Id does not exist or is not allowed to be used with Arn '${arn}'`;
    throw new AwsError('InvalidParameterException', message);
  }
}
