/** Checks a signature the way a gateway does, from the wire alone and without the library that made it. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/execute-api\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly signedAtMs: number;
  readonly holdsFor: (secretAccessKey: string) => boolean;
}

export function readSignature(request: IncomingMessage, body: string): Signature | undefined {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? '');
  const amzDate = request.headers['x-amz-date'];
  if (match === null || typeof amzDate !== 'string') return undefined;
  const [, accessKeyId = '', day = '', region = '', signedHeaders = '', signature = ''] = match;
  const names = signedHeaders.split(';');
  if (!names.includes('host') || !names.includes('x-amz-security-token')) return undefined;
  const headers = names.map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join('');
  const canonical = [request.method, request.url, '', headers, signedHeaders, sha256(body)].join('\n');
  const scope = `${day}/${region}/execute-api/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n');
  return {
    accessKeyId,
    region,
    signedAtMs: Date.parse(amzDate.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')),
    holdsFor(secret) {
      const key = [day, region, 'execute-api', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
      return hmac(key, toSign).toString('hex') === signature;
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
