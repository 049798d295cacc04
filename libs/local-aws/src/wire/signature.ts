import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Millis } from '../kernel/clock/clock.ts';
import { header, type HttpRequest } from '../kernel/http.ts';
import { parseScope, type Scope } from './scope.ts';
import type { Credentials, Principal } from '../kernel/credentials.ts';

/** What a signature is worth. A refusal has AWS's code and text. */
export type Verdict =
  | { readonly verified: true; readonly principal: Principal }
  | { readonly verified: false; readonly code: string; readonly message: string };

/** How far the clocks of a client and of an API may be apart. */
const MOST_SKEW: Millis = 5 * 60_000;

const ALGORITHM = 'AWS4-HMAC-SHA256';

const refuse = (code: string, message: string): Verdict => ({ verified: false, code, message });

/**
 * Verifies a Signature Version 4 in the Authorization header: over the path, query and body as sent, by a key that was issued here
 * and has not expired. Nothing the request says of itself is believed before its signature is.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature(request: HttpRequest, service: string, credentials: Credentials, now: Millis): Verdict {
  const authorization = header(request, 'authorization') ?? '';
  const scope = parseScope(authorization);
  const signedHeaders = /SignedHeaders=([a-z0-9;_-]+)/.exec(authorization)?.[1]?.split(';');
  const signature = /Signature=([0-9a-f]{64})(?![0-9a-f])/.exec(authorization)?.[1];
  const date = parseDate(header(request, 'x-amz-date'));
  if (!authorization.startsWith(`${ALGORITHM} `) || !scope || !signedHeaders || !signature || !date) {
    return refuse('MissingAuthenticationTokenException', 'Forbidden');
  }
  if (scope.service !== service || scope.date !== date.text.slice(0, 8) || !signedHeaders.includes('host')) {
    return refuse('InvalidSignatureException', 'Forbidden');
  }
  const principal = credentials.resolve(scope.accessKeyId);
  if (principal === undefined || !sameToken(principal, header(request, 'x-amz-security-token'))) {
    return refuse('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  const expected = sign(request, scope, date.text, signedHeaders, principal.secretAccessKey);
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) {
    return refuse(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
        'signing method. Consult the service documentation for details.',
    );
  }
  return verifyTimes(principal, date, now);
}

function verifyTimes(principal: Principal, date: { text: string; time: Millis }, now: Millis): Verdict {
  if (principal.session !== undefined && principal.session.expiration <= now) {
    return refuse('ExpiredTokenException', 'The security token included in the request is expired');
  }
  const skew = now - date.time;
  if (Math.abs(skew) > MOST_SKEW) {
    const bound = compact(skew > 0 ? now - MOST_SKEW : now + MOST_SKEW);
    const text =
      skew > 0
        ? `Signature expired: ${date.text} is now earlier than ${bound} (${compact(now)} - 5 min.)`
        : `Signature not yet current: ${date.text} is still later than ${bound} (${compact(now)} + 5 min.)`;
    return refuse('InvalidSignatureException', text);
  }
  return { verified: true, principal };
}

function sign(
  request: HttpRequest,
  scope: Scope,
  date: string,
  signedHeaders: readonly string[],
  secret: string,
): Buffer {
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${(header(request, name) ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const credentialScope = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = [ALGORITHM, date, credentialScope, sha256(canonical)].join('\n');
  const key = [scope.date, scope.region, scope.service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secret}`,
  );
  return hmac(key, toSign);
}

/** The path as sent, encoded once more: only S3 leaves that out. Empty and dotted segments go. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** Decoded and encoded anew: clients differ in what they leave as it is, and some send a blank as `+`. */
function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter((pair) => pair !== '');
  const encoded = pairs.map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return `${encode(decode(name))}=${encode(decode(value))}`;
  });
  return encoded.sort().join('&');
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Compared as hashes: equally long, in constant time. */
const sameToken = (principal: Principal, given: string | undefined): boolean =>
  timingSafeEqual(Buffer.from(sha256(principal.session?.token ?? '')), Buffer.from(sha256(given ?? '')));

function parseDate(text: string | undefined): { text: string; time: Millis } | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (text === undefined || parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { text, time: Date.UTC(year, month - 1, day, hour, minute, second) };
}

/** `20261120T225704Z` */
const compact = (time: Millis): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
