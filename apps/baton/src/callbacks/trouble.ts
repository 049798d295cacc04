/** Says what an error of the AWS SDK means, and what to do about it. The one table of such errors for this command. */
import { BatonError, errorName } from '@baton/token-lib';
import { CliError } from '../terminal.ts';

export interface Target {
  readonly table: string;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

const BAD_CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);
const THROTTLES = new Set(['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException']);

/** @returns undefined for an error that is not AWS's, or not known */
export function troubleOf(error: unknown, { table, profile, endpoint }: Target): CliError | undefined {
  const name = errorName(error);
  const message = error instanceof Error ? error.message : '';
  if (name === 'ResourceNotFoundException') {
    return new CliError(`there is no table "${table}" there: check --table, --region, --profile and --endpoint`, 66);
  }
  if (message.startsWith('Region ')) return new CliError('no valid region is set: give --region, or set AWS_REGION');
  if (name === 'CredentialsProviderError') {
    const [where, other] = profile === undefined ? ['', ''] : [` for the profile "${profile}"`, 'another '];
    return new CliError(
      `no AWS credentials were found${where} (${firstLine(message)}): sign in, give ${other}--profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      69,
    );
  }
  if (BAD_CREDENTIALS.has(name)) {
    return new CliError(`AWS does not accept the credentials (${name}): sign in again, or give another --profile`, 69);
  }
  if (name.startsWith('AccessDenied')) return new CliError(`IAM does not allow that: ${firstLine(message)}`, 69);
  if (THROTTLES.has(name)) return new CliError(`DynamoDB throttles requests (${name}): try again in a moment`, 69);
  if (error instanceof BatonError) {
    const what = error.code === 'InvalidRequest' ? 'this version of Baton cannot read what is stored: ' : '';
    return new CliError(what + message, 69);
  }
  return transportTrouble(error, name, endpoint);
}

function transportTrouble(error: unknown, name: string, endpoint: string | undefined): CliError | undefined {
  const place = endpoint ?? 'AWS';
  const { code, $metadata, $response } = (error ?? {}) as { code?: string; $metadata?: object; $response?: object };
  if (code === 'ERR_INVALID_URL')
    return new CliError('the endpoint is not a URL: check --endpoint and AWS_ENDPOINT_URL');
  if (code !== undefined || name === 'TimeoutError') {
    const hint = endpoint === undefined ? 'check the network and --region' : 'is "baton local" running?';
    return new CliError(`nothing answers at ${place} (${code ?? name}): ${hint}`, 69);
  }
  if ($metadata !== undefined || $response !== undefined) {
    return new CliError(`${place} does not answer like DynamoDB, or refuses (${name}): check --endpoint`, 69);
  }
  return undefined;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
