import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** Temporary credentials have a session token; those of a person may have none. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signer {
  readonly region: string;
  /** The credentials, or where they are looked up for each request. */
  readonly credentials: Credentials | (() => Promise<Credentials>);
}

export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Signs a request to Baton's HTTP API, which API Gateway authorizes by IAM, with AWS Signature Version 4. Requests to AWS's own
 * services are signed by the SDK's clients.
 *
 * `Hash` is SHA-256 by node:crypto; `@smithy/hash-node` is the same class under another name.
 *
 * @param at when it is signed; API Gateway refuses a signature that is more than five minutes old or ahead
 * @returns the headers of the request, with `host`, `authorization`, `x-amz-date` and, for temporary credentials,
 *   `x-amz-security-token` among them
 */
export async function signRequest(
  { method, url, headers, body }: UnsignedRequest,
  { region, credentials }: Signer,
  at: Date,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      ...(body !== undefined && { body }),
    },
    { signingDate: at },
  );
  return signed.headers;
}
