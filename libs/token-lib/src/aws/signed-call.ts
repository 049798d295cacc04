/**
 * One signed HTTP request to AWS. For services of which Baton needs a single action: the SDK's client of each would add
 * 27 to 90 KB to a bundle, and as much to a cold start. It makes one attempt; whoever calls knows whether another one
 * does harm.
 */
import { createHash, createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { seconds, type Millis } from '../millis.ts';

export interface AwsConnection {
  readonly region: string;
  /** `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL` or AWS itself. */
  endpointOf(service: string): string;
  /** A call that takes longer has failed. */
  readonly timeout: Millis;
}

export interface SignedRequest {
  readonly service: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the call before its time. */
  readonly signal?: AbortSignal;
}

export interface SignedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** AWS answered with an error; `name` is AWS's code. The text is left out, for it may repeat what was sent (L3). */
export class AwsRefusal extends Error {
  readonly status: number;

  constructor(code: string, status: number) {
    super(`${code} (HTTP ${status})`);
    this.name = code;
    this.status = status;
  }
}

/** @throws where the environment does not name a region */
export function awsConnection(env: NodeJS.ProcessEnv, timeout: Millis = seconds(4)): AwsConnection {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new Error('AWS_REGION is not set');
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    region,
    timeout,
    endpointOf: (service) =>
      env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
      env['AWS_ENDPOINT_URL'] ??
      `https://${service}.${region}.${suffix}`,
  };
}

/** Where the SDK's clients look, too; in the bundles of functions the environment alone. */
const credentials = defaultProvider();

/** Answers whatever comes. @throws where nothing came in time, or before the signal */
export async function signedRequest(connection: AwsConnection, request: SignedRequest): Promise<SignedAnswer> {
  const { service, method, body } = request;
  const tooLong = AbortSignal.timeout(connection.timeout);
  const url = new URL(request.url);
  const signer = new SignatureV4({ service, region: connection.region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...request.headers, host: url.host },
    ...(body !== undefined && { body }),
  });
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'error',
    signal: request.signal === undefined ? tooLong : AbortSignal.any([tooLong, request.signal]),
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export interface AwsAction {
  readonly service: string;
  /** As X-Amz-Target has it. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly signal?: AbortSignal;
}

/** An action of AWS's JSON protocol. @throws {AwsRefusal} */
export async function awsJson(
  connection: AwsConnection,
  { service, target, version, signal }: AwsAction,
  input: object,
): Promise<Record<string, unknown>> {
  const answer = await signedRequest(connection, {
    service,
    method: 'POST',
    url: connection.endpointOf(service),
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
    body: JSON.stringify(input),
    ...(signal && { signal }),
  });
  const output = jsonObject(answer.text);
  if (answer.status >= 300) throw new AwsRefusal(codeOf(answer, output), answer.status);
  return output;
}

const ATTEMPTS = 3;

/** Repeats what does no harm when it is repeated, where AWS was busy or out of reach. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!mayPass(error) || attempt === ATTEMPTS) throw error;
      await setTimeout(pauseAfter(attempt, Math.random()));
    }
  }
}

/** AWS was busy or out of reach. SQS says `OverLimit` while too many of a queue's messages are being worked on. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof AwsRefusal) || error.status >= 500 || /Throttl|TooMany|OverLimit/.test(error.name);

/** Doubles, up to half a minute; by chance, so that what failed together does not come back together. */
export const pauseAfter = (attempt: number, chance: number): Millis =>
  Math.min(100 * 2 ** attempt, seconds(30)) * (0.5 + chance);

/** AWS's own code, however it is spelled: with a namespace before it or an address after it. */
export function codeOf({ headers, status }: SignedAnswer, output: Record<string, unknown>): string {
  const code = headers.get('x-amzn-errortype') ?? output['__type'];
  if (typeof code !== 'string') return `Http${status}`;
  return code.replace(/^.*#/, '').replace(/:.*$/, '');
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The hash that the signer asks for, by Node. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): never {
    throw new Error('a signer asks once');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
