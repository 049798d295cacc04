/** The built page in headless Chromium, against a local platform, with the page's policy on; and who the server refuses. */
import axeCore from 'axe-core';
import { names } from '@baton/local-platform';
import { startPlatform, type TestPlatform } from '@baton/local-platform/testing';
import { request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openChromium } from '../../../libs/local-platform/test/chromium.ts';
import { connectWorld } from '../src/server/connect-world.ts';
import { type RunningConsole, serveConsole } from '../src/server/serve-console.ts';

const pageFolder = fileURLToPath(new URL('../dist', import.meta.url));
const HOSTILE = `<img src=x onerror="document.title='pwned'">\u202egnp.exe\u0007 ${'x'.repeat(200)}`;

let platform: TestPlatform;
let world: ReturnType<typeof connectWorld>;
let served: RunningConsole;
beforeAll(async () => {
  platform = await startPlatform({ iam: 'off' });
  world = worldOf();
  served = await serveConsole({ world, port: 0, page: pageFolder });
}, 120_000);
afterAll(async () => {
  await served.close();
  world.close();
  await platform.close();
});

function worldOf(watch = true): ReturnType<typeof connectWorld> {
  const { region } = platform.aws.world;
  return connectWorld({
    place: { kind: 'local', region, table: names.table },
    region,
    endpoint: platform.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    now: () => platform.aws.clock.now(),
    who: async () => 'the operator',
    ...(watch && { watch: (changed: () => void) => platform.aws.observe({ event: () => changed() }) }),
    pollMillis: 500,
  });
}

let counted = 0;
async function waiting(
  message: unknown = 1,
  name = `jobs-${(counted += 1)}`,
): Promise<{ execution: string; callbackId: string }> {
  const queueUrl = await platform.queue(name);
  const execution = await platform.start({ kind: 'queue', queueUrl, message });
  return { execution, callbackId: await platform.dispatched(execution) };
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request as anybody may make it, with any Host. */
function ask({
  method = 'GET',
  path = '/',
  headers = {},
  body,
}: Asked): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: served.port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function cookie(): Promise<string> {
  const { headers } = await ask({ path: new URL(served.url).pathname + new URL(served.url).search });
  return String((headers['set-cookie'] as string[])[0]).split(';')[0] ?? '';
}

const origin = (): string => `http://127.0.0.1:${served.port}`;
const writing = async (): Promise<Record<string, string>> => ({
  ...{ cookie: await cookie(), origin: origin(), 'content-type': 'application/json', 'x-baton-console': '1' },
});
const stop = JSON.stringify({ verb: 'stop', reason: 'a test' });

describe('the server', () => {
  test('exchanges the token of its address for a cookie that no script reads and no other site sends', async () => {
    const { headers, status } = await ask({
      path: new URL(served.url).search === '' ? '/' : `/${new URL(served.url).search}`,
    });
    expect(status).toBeLessThan(400);
    expect(String(headers['set-cookie'])).toMatch(/^baton-console-\d+=[\w-]{32}; .*HttpOnly; SameSite=Strict$/i);
    expect(String(headers['set-cookie'])).not.toContain(new URL(served.url).searchParams.get('token'));
  });

  test.each([
    ['a missing cookie', 401, {}],
    ['a token that is not its own', 401, { path: '/?token=guessed' }],
    ['a rebound Host', 421, { headers: { host: 'evil.example' } }],
    ['a Host with its port, and another name', 421, { headers: { host: 'localhost:80' } }],
  ])('refuses %s', async (_, status, asked: Asked) => {
    expect((await ask({ path: '/api/waiting', ...asked })).status).toBe(status);
  });

  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: '' }],
    ['a form of another site', { 'content-type': 'text/plain' }],
    ['a request without the page’s header', { 'x-baton-console': '' }],
    ['a request that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ])('takes no change from %s', async (_, changed) => {
    const { callbackId } = await waiting();
    const headers = Object.fromEntries(
      Object.entries({ ...(await writing()), ...changed }).filter(([, value]) => value !== ''),
    );
    expect((await ask({ method: 'POST', path: `/api/callbacks/${callbackId}`, headers, body: stop })).status).toBe(403);
    expect((await world.callbacks?.store.read(callbackId))?.state).toBe('Dispatched');
  });

  test('takes one from its own page, and answers in words', async () => {
    const { callbackId, execution } = await waiting();
    const { status, text } = await ask({
      method: 'POST',
      path: `/api/callbacks/${callbackId}`,
      headers: await writing(),
      body: stop,
    });
    expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
      status: 200,
      answer: 'applied',
      prevailed: true,
    });
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'Baton.StoppedByOperator' });
  });

  test('refuses every change with --read-only', async () => {
    const readOnly = await serveConsole({ world, port: 0, readOnly: true, page: pageFolder });
    const held = served;
    served = readOnly;
    const { callbackId } = await waiting();
    const answers = [`/api/callbacks/${callbackId}`, '/api/executions', '/api/executions/arn'].map(async (path) =>
      ask({ method: 'POST', path, headers: await writing(), body: stop }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([405, 405, 405]);
    served = held;
    await readOnly.close();
    expect((await world.callbacks?.store.read(callbackId))?.state).toBe('Dispatched');
  });

  test('has a policy without inline code and without other hosts, also where it refuses', async () => {
    for (const headers of [{}, { cookie: await cookie() }]) {
      const policy = String((await ask({ headers })).headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(policy).not.toContain('unsafe');
    }
  });

  test('shows no task token, whatever repeats one', async () => {
    const { execution, callbackId } = await waiting();
    const token = (await world.callbacks?.store.read(callbackId)) as { token?: unknown } | undefined;
    expect(token?.token).toBeDefined();
    const headers = { cookie: await cookie() };
    for (const path of [
      '/api/waiting',
      `/api/callbacks/${callbackId}`,
      `/api/executions/${encodeURIComponent(execution)}`,
    ]) {
      const { status, text } = await ask({ path, headers });
      expect(status).toBe(200);
      expect(text).not.toMatch(/[A-Za-z0-9+/=_%-]{300,}/);
    }
    const shown = await ask({ path: `/api/executions/${encodeURIComponent(execution)}`, headers });
    expect(shown.text).toContain('[TaskToken]');
  });
});

if (chromiumPath === undefined) {
  test.skip('the page in Chromium: there is none on this machine (CHROMIUM names one)', () => {});
}

describe.skipIf(chromiumPath === undefined)('the page', () => {
  let browser: Browser;
  const troubles: string[] = [];
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());
  afterEach(() => {
    expect(troubles.splice(0)).toEqual([]);
  });

  async function open(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(12_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) troubles.push(message.text());
    });
    await page.goto(served.url);
    await page.waitForSelector('main h1');
    if (path !== '/') await page.goto(origin() + path);
    await page.waitForSelector('main h1');
    return page;
  }

  test('lists what waits, filters in the address, and comes back to it', async () => {
    const { callbackId } = await waiting(1, 'needle-in-the-hay');
    const page = await open();
    await page.fill('input[type=search]', 'NEEDLE');
    await page.waitForFunction(() => document.querySelectorAll('a.open').length === 1);
    expect(page.url()).toContain('?text=NEEDLE');
    expect(await page.textContent('.why')).toMatch(/nobody takes messages/);
    await page.click('a.open');
    await page.waitForSelector('.timeline');
    expect(page.url()).toContain(callbackId);
    await page.goBack();
    await page.waitForSelector('a.open');
    expect(await page.inputValue('input[type=search]')).toBe('NEEDLE');
    await page.context().close();
  });

  test('says what follows before it acts, settles, and says how a second outcome loses', async () => {
    const { callbackId, execution } = await waiting();
    const page = await open(`/callbacks/${callbackId}`);
    const other = await open(`/callbacks/${callbackId}`);
    for (const each of [page, other]) {
      await each.click('text=Fail…');
      await each.fill('label:has-text("Error name") input', 'Order.Lost');
      await each.waitForSelector('.follows:has-text("fails with Order.Lost")');
      await each.fill('label:has-text("Cause") input', each === page ? 'first' : 'second');
      await each.fill('label:has-text("Reason") input', 'a test');
    }
    await page.click('text=Fail the task');
    await page.waitForSelector('.answer:has-text("applied")');
    await other.click('text=Fail the task');
    await other.waitForSelector('.answer.lost:has-text("conflict: Another outcome came first")');
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'Order.Lost', cause: 'first' });
    await Promise.all([page, other].map((each) => each.context().close()));
  });

  test('is worked by keyboard alone', async () => {
    const [first] = [await waiting(1, 'by-keyboard'), await waiting(1, 'by-keyboard-too')];
    const page = await open();
    await page.waitForSelector('a.open');
    await page.keyboard.press('/');
    await page.keyboard.type('by-keyboard');
    await page.waitForFunction(() => document.querySelectorAll('a.open').length === 2);
    await page.focus('.scroller');
    await page.keyboard.press('j');
    await page.waitForSelector('a.open:focus');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement?.closest('[aria-rowindex="3"]') !== null);
    await page.keyboard.press('k');
    await page.waitForFunction(() => document.activeElement?.closest('[aria-rowindex="2"]') !== null);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.timeline');
    expect(page.url()).toContain(first.callbackId);
    await page.context().close();
  });

  test('shows hostile words as words', { timeout: 60_000 }, async () => {
    const execution = await platform
      .start({
        kind: 'approval',
        title: HOSTILE.slice(0, 150),
        description: HOSTILE,
        approvers: [{ name: HOSTILE.slice(0, 90) }],
        timeoutSeconds: 600,
      })
      .catch(() => undefined);
    const { callbackId } = await waiting({ html: HOSTILE });
    const decided = await ask({
      method: 'POST',
      path: `/api/callbacks/${callbackId}`,
      headers: await writing(),
      body: JSON.stringify({
        verb: 'fail',
        error: HOSTILE.slice(0, 60),
        cause: HOSTILE + '\u0000'.repeat(10) + 'y'.repeat(30_000),
        reason: HOSTILE,
      }),
    });
    expect(decided).toMatchObject({ status: 200 });
    expect(await ask({ path: `/api/callbacks/${callbackId}`, headers: await writing() })).toMatchObject({
      status: 200,
    });
    const page = await open(`/callbacks/${callbackId}`);
    await page.waitForSelector('.timeline li:nth-child(2)');
    expect([decided.text.slice(0, 300), await page.textContent('.timeline')]).toEqual([
      expect.any(String),
      expect.stringContaining('<img src=x'),
    ]);
    expect(await page.$('.timeline img')).toBeNull();
    if (execution !== undefined) await page.goto(`${origin()}/executions/${encodeURIComponent(execution)}`);
    await page.waitForSelector('main h1');
    expect(await page.title()).toBe('Baton');
    await page.context().close();
  });

  test('says that the connection is lost, and comes back by itself', async () => {
    const page = await open();
    await page.waitForSelector('.live:not(.lost)');
    await page.context().setOffline(true);
    const { port, url } = served;
    await served.close();
    await page.waitForSelector('.live.lost', { timeout: 15_000 });
    expect(url).toContain(String(port));
    await page.context().close();
    await page.close();
    served = await serveConsole({ world, port, page: pageFolder });
    const again = await open();
    await again.waitForSelector('.live:not(.lost)');
    await again.context().close();
  });

  test.each([
    ['light, wide', { colorScheme: 'light' as const }],
    ['dark, wide', { colorScheme: 'dark' as const }],
    ['dark, 320 pixels', { colorScheme: 'dark' as const, viewport: { width: 320, height: 700 } }],
    [
      'light, 320 pixels, no motion',
      { colorScheme: 'light' as const, viewport: { width: 320, height: 700 }, reducedMotion: 'reduce' as const },
    ],
  ])('has no violation that axe finds, and nothing that sticks out: %s', async (_, options) => {
    const { execution, callbackId } = await waiting();
    const page = await open('/', { ...options, bypassCSP: true });
    for (const path of [
      '/',
      `/callbacks/${callbackId}`,
      '/closed',
      '/executions',
      `/executions/${encodeURIComponent(execution)}`,
      '/health',
    ]) {
      await page.goto(origin() + path);
      await page.waitForSelector('main h1');
      await page.waitForFunction(() => !document.body.innerText.includes('reading…'));
      await page.evaluate(axeCore.source);
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect([path, found]).toEqual([path, []]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }
    await page.context().close();
  });
});
