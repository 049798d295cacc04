import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchPartnerCaller } from './fetch-partner-caller.ts';

const paths: string[] = [];
/** Answers by path: a number is the status, and anything else is not answered. */
const partner = createServer((request, response) => {
  const path = request.url ?? '';
  paths.push(path);
  const status = Number(path.slice(1));
  if (status > 0) response.writeHead(status, { location: '/200' }).end('an answer that nobody reads');
});
/** Answers its address. */
const listen = (server: Server) =>
  new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
let origin = '';
beforeAll(async () => {
  origin = await listen(partner);
});
afterAll(() => {
  partner.closeAllConnections();
  partner.close();
});

const post = (url: string, timeout?: number) => fetchPartnerCaller(timeout).post({ url, headers: {}, body: '{}' });

it.each([200, 301, 307, 404, 429, 500])('a partner that answers %i has said so, and is asked once', async (status) => {
  paths.length = 0;
  expect(await post(`${origin}/${status}`)).toEqual({ status });
  expect(paths).toEqual([`/${status}`]);
});

it('a partner that is slow has not answered in time', async () => {
  expect(await post(`${origin}/slow`, 20)).toEqual({ status: undefined, why: 'TimeoutError' });
});

it('a partner that is down has not answered, and the system says why', async () => {
  const server = createServer();
  const down = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await post(down)).toEqual({ status: undefined, why: 'ECONNREFUSED' });
});
