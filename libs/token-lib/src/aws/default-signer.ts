import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Signer } from '../wire/sign-request.ts';

/**
 * Returns who this process is: the credentials are looked up where the SDK's clients look for theirs (in the bundles of functions
 * the environment alone), and renewed by the SDK before they expire.
 * @throws where the environment does not name a region
 */
export function defaultSigner(env: NodeJS.ProcessEnv): Signer {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new Error('AWS_REGION is not set');
  return { region, credentials: defaultProvider() };
}
