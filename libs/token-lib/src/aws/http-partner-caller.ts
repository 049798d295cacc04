/**
 * Requests to partners, by Node's own HTTP. A redirect is not followed: the callback URL is for the partner that was named.
 *
 * The addresses of a host are judged when it is connected to, in the very lookup whose result is connected to: a name that
 * is public at one look and private at the next gains nothing.
 */
import { lookup as resolveName } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Millis, seconds } from '../wire/millis.ts';
import type { PartnerAnswer, PartnerCaller } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import { type AllowedPartners, refusedAs } from './partner-addresses.ts';

export { allowedPartners } from './partner-addresses.ts';

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface HttpPartnerOptions {
  readonly allowed: AllowedPartners;
  readonly timeout?: Millis;
  readonly resolve?: Resolve;
}

export function httpPartnerCaller({
  allowed,
  timeout = seconds(4),
  resolve = (host) => resolveName(host, { all: true }),
}: HttpPartnerOptions): PartnerCaller {
  return {
    async post({ url, headers, body }) {
      const signal = AbortSignal.timeout(timeout);
      try {
        const { host, lookup } = guarded(new URL(url), allowed, resolve);
        const sent = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
        return { status: await statusOf(new URL(url), { host, headers: sent, lookup, signal }, body) };
      } catch (error) {
        return answerOf(signal.aborted ? signal.reason : error);
      }
    },
  };
}

/** A connection of its own for each request: no socket of an earlier one is used, which had another lookup. */
function statusOf(url: URL, options: http.RequestOptions, body: string): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    request(url, { ...options, method: 'POST', agent: false }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end(body);
  });
}

class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}

const answerOf = (error: unknown): PartnerAnswer =>
  error instanceof RefusedAddressError ? { refused: error.message } : { status: undefined, why: errorName(error) };

/** A name is judged by its lookup, an address in the URL at once: Node looks nothing up for it. */
function guarded(url: URL, allowed: AllowedPartners, resolve: Resolve): { host: string; lookup: LookupFunction } {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) permitted(host, [{ address: host }], allowed);
  return { host, lookup: guardedLookup(allowed, resolve) };
}

const guardedLookup =
  (allowed: AllowedPartners, resolve: Resolve): LookupFunction =>
  (host, { all }, callback) => {
    void resolve(host)
      .then((found) => permitted(host, found, allowed))
      .then(
        (addresses) => {
          if (all) return callback(null, addresses);
          const [{ address, family }] = addresses;
          callback(null, address, family);
        },
        (error: Error) => callback(error, []),
      );
  };

/** @throws {RefusedAddressError} where none of the addresses may be connected to */
function permitted<A extends { readonly address: string }>(
  host: string,
  found: readonly A[],
  allowed: AllowedPartners,
): [A, ...A[]] {
  if (allowed.hosts.has(host.toLowerCase())) return [...found] as [A, ...A[]];
  const [first, ...more] = found.filter(({ address }) => refusedAs(address, allowed) === undefined);
  if (first !== undefined) return [first, ...more];
  const what = found[0] === undefined ? 'no address' : refusedAs(found[0].address, allowed);
  throw new RefusedAddressError(
    `${host} leads to ${what}, and webhooks go to public addresses alone; to allow it, add the host or its network to webhook_allow ` +
      'of the module platform (BATON_WEBHOOK_ALLOW of the dispatcher)',
  );
}
