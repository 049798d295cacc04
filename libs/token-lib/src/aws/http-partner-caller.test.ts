import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowedPartners } from './partner-addresses.ts';
import { httpPartnerCaller } from './http-partner-caller.ts';
import { partnerCaller } from './webhook.ts';

const requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
/** Answers by path: a number is the status, and anything else is not answered. */
const partner = createServer((request, response) => {
  const path = request.url ?? '';
  let body = '';
  request.on('data', (part) => (body += String(part)));
  request.on('end', () => {
    requests.push({ path, headers: request.headers, body });
    const status = Number(path.slice(1));
    if (status > 0) response.writeHead(status, { location: '/200' }).end('an answer that nobody reads');
  });
});
let connections = 0;
partner.on('connection', () => (connections += 1));

/** Answers its port. */
const listen = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
let port = 0;
beforeAll(async () => {
  port = await listen(partner);
});
beforeEach(() => {
  requests.length = 0;
  connections = 0;
});
afterAll(() => {
  partner.closeAllConnections();
  partner.close();
});

const LOOPBACK = '127.0.0.0/8,::1';
const post = (
  url: string,
  { allow = LOOPBACK, ...options }: { allow?: string; timeout?: number; resolve?: Resolver } = {},
) =>
  httpPartnerCaller({ allowed: allowedPartners(allow), ...options }).post({
    url,
    headers: { 'x-a': 'b' },
    body: '{"é":1}',
  });

type Resolver = (host: string) => Promise<LookupAddress[]>;
/** A resolver that answers these addresses, one list a look, the last one again. */
const resolver = (...looks: string[][]) => {
  const asked: string[] = [];
  const resolve: Resolver = async (host) => {
    asked.push(host);
    const found = looks[Math.min(asked.length, looks.length) - 1] ?? [];
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { asked, resolve };
};

describe('a partner', () => {
  it.each([200, 301, 307, 404, 429, 500])('that answers %i has said so, and is asked once', async (status) => {
    expect(await post(`http://127.0.0.1:${port}/${status}`)).toEqual({ status });
    expect(requests.map(({ path }) => path)).toEqual([`/${status}`]);
  });

  it('gets JSON, whole, under its own name', async () => {
    const { resolve } = resolver(['127.0.0.1']);
    await post(`http://partner.test:${port}/200?a=b`, { resolve });
    expect(requests).toMatchObject([{ path: '/200?a=b', body: '{"é":1}' }]);
    expect(requests[0]?.headers).toMatchObject({
      host: `partner.test:${port}`,
      'content-type': 'application/json',
      'content-length': '8',
      'x-a': 'b',
    });
  });

  it('that is slow has not answered in time', async () => {
    expect(await post(`http://127.0.0.1:${port}/slow`, { timeout: 20 })).toEqual({
      status: undefined,
      why: 'TimeoutError',
    });
  });

  it('whose name is resolved slowly has not answered in time', async () => {
    const resolve: Resolver = () => new Promise(() => undefined);
    const answer = await post(`http://partner.test:${port}/200`, { timeout: 20, resolve });
    expect(answer).toEqual({ status: undefined, why: 'TimeoutError' });
  });

  it('that is down has not answered, and the system says why', async () => {
    const server = createServer();
    const down = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await post(`http://127.0.0.1:${down}/`)).toEqual({ status: undefined, why: 'ECONNREFUSED' });
  });

  it('that nobody knows has not answered, and the resolver says why', async () => {
    const resolve: Resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await post('http://partner.test/', { resolve })).toEqual({ status: undefined, why: 'ENOTFOUND' });
  });
});

describe('an address that is not public', () => {
  const refusal = (what: string) => ({
    refused: expect.stringContaining(`leads to ${what}, and webhooks go`) as string,
  });

  it.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.1', 'a loopback address'],
    ['2130706433', 'a loopback address'],
    ['0x7f000001', 'a loopback address'],
    ['0177.0.0.1', 'a loopback address'],
    ['[::1]', 'a loopback address'],
    ['[::ffff:127.0.0.1]', 'a loopback address'],
    ['169.254.169.254', 'a link-local address'],
    ['[fd00:ec2::254]', 'a private address (unique local)'],
    ['[64:ff9b::7f00:1]', 'an IPv4 address behind NAT64'],
  ])('as %s in the URL is %s: nothing is sent', async (host, what) => {
    expect(await post(`http://${host}:${port}/200`, { allow: 'none' })).toEqual(refusal(what));
    expect(connections).toBe(0);
  });

  it.each([
    [['127.0.0.1'], 'a loopback address'],
    [['::ffff:127.0.0.1'], 'a loopback address'],
    [['::1', '127.0.0.1'], 'a loopback address'],
    [['10.0.0.7', '169.254.169.254'], 'a private address'],
    [[], 'no address'],
  ])('behind a name, %j, is %s: nothing is sent', async (addresses, what) => {
    const { resolve } = resolver(addresses);
    expect(await post(`http://partner.test:${port}/200`, { allow: 'none', resolve })).toEqual(refusal(what));
    expect(connections).toBe(0);
  });

  it('is refused by the system’s own resolver, too', async () => {
    expect(await post(`http://localhost:${port}/200`, { allow: 'none' })).toEqual(refusal('a loopback address'));
    expect(connections).toBe(0);
  });

  it('that a name is rebound to is refused: what was judged is what is connected to', async () => {
    const { resolve, asked } = resolver(['192.0.2.1', '127.0.0.1'], ['127.0.0.1']);
    const options = { allow: '192.0.2.0/24', resolve, timeout: 200 };
    expect(await post(`http://partner.test:${port}/200`, options)).not.toHaveProperty('status', 200);
    expect(asked).toEqual(['partner.test']);
    expect(await post(`http://partner.test:${port}/200`, options)).toEqual(refusal('a loopback address'));
    expect(connections).toBe(0);
  });

  it('beside one that is allowed is left out', async () => {
    const { resolve } = resolver(['10.0.0.7', '127.0.0.1']);
    expect(await post(`http://partner.test:${port}/200`, { resolve })).toEqual({ status: 200 });
  });

  it('is connected to where its host is allowed by name', async () => {
    const { resolve } = resolver(['127.0.0.1']);
    expect(await post(`http://Partner.test:${port}/200`, { allow: 'partner.test', resolve })).toEqual({ status: 200 });
    expect(await post(`http://other.test:${port}/200`, { allow: 'partner.test', resolve })).toEqual(
      refusal('a loopback address'),
    );
  });

  it('says how to allow it, and not which address it is', async () => {
    const { resolve } = resolver(['10.9.8.7']);
    const answer = JSON.stringify(await post('http://partner.test/', { resolve }));
    expect(answer).toContain('webhook_allow');
    expect(answer).not.toContain('10.9.8.7');
  });

  it('is refused as the dispatcher’s environment says, and everything while it cannot be read', async () => {
    const ask = (allow: string) =>
      partnerCaller(allow).post({ url: `http://127.0.0.1:${port}/200`, headers: {}, body: '' });
    expect(await ask(LOOPBACK)).toEqual({ status: 200 });
    expect(await ask('none')).toEqual(refusal('a loopback address'));
    expect(await ask('10.0.0.0/99')).toEqual({ refused: expect.stringContaining('"10.0.0.0/99"') as string });
  });

  it('that a redirect names is not asked', async () => {
    const redirecting = createServer((_, response) =>
      response.writeHead(302, { location: `http://localhost:${port}/200` }).end(),
    );
    const from = await listen(redirecting);
    expect(await post(`http://127.0.0.1:${from}/`)).toEqual({ status: 302 });
    expect(connections).toBe(0);
    redirecting.close();
  });
});
