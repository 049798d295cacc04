import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';
import { placesOf, tokensIn } from './token-places.ts';

interface Request {
  readonly path: string;
  readonly headers: Record<string, unknown>;
  readonly body: { callbackUrl: string; expiresAt: string; payload: unknown };
}

/** A partner who answers by path: /500 once and then takes it, /always-500, /301 redirects, /404. */
interface Partner {
  readonly url: string;
  readonly requests: Request[];
  readonly server: Server;
}

let platform: TestPlatform;
let partner: Partner;
beforeAll(async () => {
  platform = await startPlatform({ clock: 'manual' });
  partner = await startPartner();
});
afterAll(async () => {
  partner.server.close();
  await platform.close();
});

async function startPartner(): Promise<Partner> {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const seen = requests.filter((earlier) => earlier.path === path).length;
      requests.push({ path, headers: request.headers, body: JSON.parse(text) as Request['body'] });
      const status = path === '/500' && seen > 0 ? 202 : Number(/\d{3}$/.exec(path)?.[0] ?? 202);
      response.writeHead(status, status === 301 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server };
}

/** Asks the partner. Returns the URL to call back. */
async function asked(
  path: string,
  payload: unknown = { order: 7 },
): Promise<{ execution: string; callbackUrl: string }> {
  const execution = await platform.start({ kind: 'webhook', url: partner.url + path, payload });
  await platform.dispatched(execution);
  const { body } = partner.requests.findLast((request) => request.path === path)!;
  expect(body).toMatchObject({ payload, expiresAt: expect.stringMatching(/Z$/) as string });
  return { execution, callbackUrl: body.callbackUrl };
}

async function callBack(url: string, report: unknown, type = 'application/json') {
  const body = typeof report === 'string' ? report : JSON.stringify(report);
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a partner', () => {
  test('gets a URL to call back, and succeeds by it once', async () => {
    const { execution, callbackUrl } = await asked('/success');
    expect(await callBack(callbackUrl, { status: 'success', output: { paid: true } })).toEqual({
      status: 200,
      body: { answer: 'applied' },
    });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { paid: true } });
    const replay = { status: 409, body: { error: 'AlreadyUsed', message: 'this URL has been used' } };
    expect(await callBack(callbackUrl, { status: 'success', output: { paid: true } })).toEqual(replay);
    expect(await callBack(callbackUrl, { status: 'failure', error: 'Refused' })).toEqual(replay);
  });

  test('fails by a name of its own', async () => {
    const { execution, callbackUrl } = await asked('/failure');
    await callBack(callbackUrl, { status: 'failure', error: 'CardRefused', cause: 'no funds' });
    expect(await platform.ended(execution)).toMatchObject({
      status: 'FAILED',
      error: 'CardRefused',
      cause: 'no funds',
    });
  });

  test('that answers 500 is asked again', async () => {
    const { execution, callbackUrl } = await asked('/500');
    expect(partner.requests.filter(({ path }) => path === '/500')).toHaveLength(2);
    await callBack(callbackUrl, { status: 'success', output: null });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test.each([
    ['redirects', '/301', /redirects are not followed/],
    ['does not know the path', '/404', /HTTP 404/],
  ])('that %s fails the task at once, and is asked once', async (_, path, cause) => {
    const ended = await platform.ended(await platform.start({ kind: 'webhook', url: partner.url + path, payload: 1 }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.WebhookNotDelivered' });
    expect(ended.cause).toMatch(cause);
    expect(partner.requests.filter((request) => request.path === path)).toHaveLength(1);
    expect(partner.requests.filter((request) => request.path === '/elsewhere')).toEqual([]);
  });

  test.each([
    ['https://169.254.169.254/latest/meta-data/', 'a link-local address'],
    ['https://[fd00:ec2::254]/', 'a private address'],
    ['https://10.1.2.3/', 'a private address'],
  ])('at %s is refused at once: it is %s', async (url, what) => {
    const ended = await platform.ended(await platform.start({ kind: 'webhook', url, payload: 1 }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.WebhookRefused' });
    expect(ended.cause).toContain(what);
    expect(ended.cause).toContain('webhook_allow');
  });

  test('that is down, or answers 500 to the end, is asked four times, and fails the task', async () => {
    const start = (url: string) => platform.start({ kind: 'webhook', url, payload: 1 });
    const down = await startPartner();
    await new Promise((resolve) => down.server.close(resolve));
    const executions = [await start(down.url), await start(`${partner.url}/always-500`)];
    const ended = await Promise.all(executions.map((execution) => platform.ended(execution)));
    expect(ended).toMatchObject([
      { error: 'Baton.WebhookNotDelivered', cause: expect.stringMatching(/no answer \(ECONNREFUSED\)/) as string },
      { error: 'Baton.WebhookNotDelivered', cause: expect.stringMatching(/HTTP 500/) as string },
    ]);
    expect(partner.requests.filter(({ path }) => path === '/always-500')).toHaveLength(4);
  });

  test('that never calls back is given up with the state, and its URL with it', async () => {
    const { execution, callbackUrl } = await asked('/late');
    await platform.advance(3_600_000);
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await callBack(callbackUrl, { status: 'success', output: 1 })).toMatchObject({
      status: 410,
      body: { error: 'Expired' },
    });
  });

  test.each([
    ['a changed signature', (url: string) => `${url.slice(0, -2)}${url.at(-2) === 'A' ? 'B' : 'A'}${url.at(-1)}`, 403],
    ['a URL that is cut off', (url: string) => url.slice(0, -1), 403],
    ['a link for another purpose', (url: string) => url.replace('/webhook.', '/approval.'), 403],
  ])('with %s is refused before anything is read', async (_, spoil, status) => {
    const { callbackUrl } = await asked('/spoil');
    const spoilt = callbackUrl.replace(/[^/]+$/, (link) => spoil(`/${link}`).slice(1));
    expect(spoilt).not.toBe(callbackUrl);
    expect(await callBack(spoilt, 'not json')).toMatchObject({ status, body: { error: 'LinkRefused' } });
  });

  test.each([
    ['no JSON', '{"status":', 'application/json', 400, /JSON/],
    ['another content type', '{"status":"success","output":1}', 'text/plain', 400, /content-type/],
    ['another status', '{"status":"done"}', 'application/json', 400, /status/],
    ['no output', '{"status":"success"}', 'application/json', 400, /output/],
    ['a name of Step Functions', '{"status":"failure","error":"States.Timeout"}', 'application/json', 400, /States/],
    [
      'too much output',
      JSON.stringify({ status: 'success', output: 'x'.repeat(270_000) }),
      'application/json',
      413,
      /262144/,
    ],
  ])('that sends %s hears what is wrong, and may try again', async (_, body, type, status, message) => {
    const { execution, callbackUrl } = await asked('/bad');
    const refused = await callBack(callbackUrl, body, type);
    expect(refused.status).toBe(status);
    expect(refused.body['message']).toMatch(message);
    await callBack(callbackUrl, { status: 'success', output: 'now' });
    expect(await platform.ended(execution)).toMatchObject({ output: 'now' });
  });

  test('leaves no callback URL in any log', async () => {
    const { callbackUrl } = await asked('/logs');
    await callBack(callbackUrl, { status: 'success', output: 1 });
    for (const name of ['dispatcher', 'completer-webhooks']) {
      expect(platform.logs(name)).not.toContain(callbackUrl.slice(-43));
      expect(platform.logs(name)).toContain('callbackId');
    }
  });

  test('leaves no task token behind: in no callback URL, request, log, event, file or row (L3)', async () => {
    const tokens = tokensIn(platform.calls);
    expect(tokens.length).toBeGreaterThan(0);
    expect(await placesOf(tokens, platform.aws, { ...platform, requests: partner.requests })).toEqual([]);
  });
});
