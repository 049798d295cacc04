import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import { createActivity } from '../kernel/clock/activity.ts';
import { createManualClock } from '../kernel/clock/manual-clock.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { createCredentials, type Principal } from '../kernel/credentials.ts';
import { verifySignature } from './signature.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const clock = createManualClock(NOW, createActivity());
let ids = 0;
const uuid = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
const credentials = createCredentials({ clock, accountId: '123456789012', partition: 'aws', uuid });
const host = credentials.issue({
  roleArn: 'arn:aws:iam::123456789012:role/hosts',
  sessionName: 'i-0abc',
  durationSeconds: 900,
});

interface Plan {
  readonly principal?: Principal;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string;
  readonly service?: string;
  readonly at?: number;
}

/** Signed by the SDK's own signer. */
async function signed(plan: Plan = {}): Promise<HttpRequest> {
  const { principal = host, path = '/callbacks/abc/claim', query = '', body = '{}' } = plan;
  const { accessKeyId, secretAccessKey, session } = principal;
  const signer = new SignatureV4({
    service: plan.service ?? 'execute-api',
    region: 'us-east-1',
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, ...(session === undefined ? {} : { sessionToken: session.token }) },
  });
  const request = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host: '127.0.0.1:4577', 'content-type': 'application/json', 'X-Odd': '  a   b ' },
      body,
    },
    { signingDate: new Date(plan.at ?? NOW) },
  );
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { method: 'POST', path, query, headers, body: Buffer.from(body), sourceIp: '127.0.0.1' };
}

const verdictOf = (request: HttpRequest, now = NOW) => verifySignature(request, 'execute-api', credentials, now);
const withHeader = (request: HttpRequest, name: string, value: string | undefined): HttpRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

test.each<[string, Plan]>([
  ['a plain request', {}],
  ['a long-term key', { principal: credentials.resolve('test')! }],
  ['a body', { body: '{"a":"ü"}' }],
  ['no body', { body: '' }],
  ['a query, in no order and with blanks', { query: 'b=2&a=%20x%2Fy+z%2B&c=' }],
  ['an encoded path', { path: '/_aws/execute-api/id/a%20b/c%2Fd~e' }],
  ['a path that ends in a slash', { path: '/a/' }],
])('the signature of %s is good, and says whose it is', async (_, plan) => {
  const verdict = verdictOf(await signed(plan));
  expect(verdict).toEqual({ verified: true, principal: plan.principal ?? host });
});

test.each<[string, (request: HttpRequest) => HttpRequest]>([
  ['the body', (request) => ({ ...request, body: Buffer.from('{"x":1}') })],
  ['the path', (request) => ({ ...request, path: '/callbacks/other/claim' })],
  ['the method', (request) => ({ ...request, method: 'GET' })],
  ['the query', (request) => ({ ...request, query: 'a=1' })],
  ['a signed header', (request) => withHeader(request, 'content-type', 'text/plain')],
  ['the host', (request) => withHeader(request, 'host', 'elsewhere')],
])('a change of %s breaks it', async (_, change) => {
  expect(verdictOf(change(await signed()))).toMatchObject({ verified: false, code: 'InvalidSignatureException' });
});

test.each<[string, (request: HttpRequest) => HttpRequest, string]>([
  ['no signature', (request) => withHeader(request, 'authorization', undefined), 'MissingAuthenticationTokenException'],
  ['no date', (request) => withHeader(request, 'x-amz-date', undefined), 'MissingAuthenticationTokenException'],
  [
    'a dummy signature',
    (request) =>
      withHeader(
        request,
        'authorization',
        String(request.headers['authorization']).replace(/Signature=.*/, 'Signature=00'),
      ),
    'MissingAuthenticationTokenException',
  ],
  [
    'no session token',
    (request) => withHeader(request, 'x-amz-security-token', undefined),
    'UnrecognizedClientException',
  ],
  [
    'another session token',
    (request) => withHeader(request, 'x-amz-security-token', 'x'),
    'UnrecognizedClientException',
  ],
])('%s is refused', async (_, change, code) => {
  expect(verdictOf(change(await signed()))).toMatchObject({ verified: false, code });
});

test('a key that was never issued, a wrong secret and another service are refused', async () => {
  const stranger = { ...host, accessKeyId: 'ASIAXXXXXXXXXXXXXXXX' };
  expect(verdictOf(await signed({ principal: stranger }))).toMatchObject({ code: 'UnrecognizedClientException' });
  const liar = { ...host, secretAccessKey: 'guessed' };
  expect(verdictOf(await signed({ principal: liar }))).toMatchObject({ code: 'InvalidSignatureException' });
  expect(verdictOf(await signed({ service: 'states' }))).toMatchObject({ code: 'InvalidSignatureException' });
});

test('expired credentials are refused in words that clients know', async () => {
  const later = NOW + 900_000;
  const message = 'The security token included in the request is expired';
  expect(verdictOf(await signed({ at: later }), later)).toEqual({
    verified: false,
    code: 'ExpiredTokenException',
    message,
  });
});

test('five minutes of skew are allowed, one second more is not', async () => {
  for (const skew of [300_000, -300_000]) {
    expect(verdictOf(await signed({ at: NOW - skew })).verified).toBe(true);
    const far = verdictOf(await signed({ at: NOW - skew - Math.sign(skew) * 1000 }));
    expect(far).toMatchObject({ verified: false, code: 'InvalidSignatureException' });
  }
  expect(verdictOf(await signed({ at: NOW - 301_000 }))).toMatchObject({
    message: 'Signature expired: 20261120T115459Z is now earlier than 20261120T115500Z (20261120T120000Z - 5 min.)',
  });
});
