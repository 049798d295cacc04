/** The pages of approvers in a real browser; what they decide is in approvals.test.ts. */
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openChromium } from './chromium.ts';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';

const [ann, bob] = ['ann@example.com', 'bob@example.com'];
const work = {
  kind: 'approval',
  title: 'Deploy <script>document.title = "taken"</script> to production?',
  description: `Version 7 & its "migration".\n\n${'averylongword'.repeat(12)}\n<img src="/x" onerror="alert(1)">`,
  approvers: [
    { name: 'Ann', email: ann },
    { name: 'Bob', email: bob },
  ],
};
const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true } as const;

const reason = chromiumPath === undefined ? ' (skipped: needs Chromium on PATH, or its path in CHROMIUM)' : '';

describe.skipIf(reason)(`the pages of approvers in Chromium${reason}`, { timeout: 60_000 }, () => {
  let platform: TestPlatform;
  let browser: Browser;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([
      startPlatform({ clock: 'manual', approvers: [ann, bob] }),
      openChromium(),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await platform.close();
  });

  async function asked(more: object = {}): Promise<{ execution: string; ann: string; bob: string }> {
    const before = platform.aws.sns.outbox.length;
    const execution = await platform.start({ ...work, ...more });
    await platform.when(() => (platform.aws.sns.outbox.length >= before + 2 ? true : undefined));
    return { execution, ann: await platform.linkFor(ann), bob: await platform.linkFor(bob) };
  }

  const statusOf = async (executionArn: string) =>
    (await platform.aws.call('states:DescribeExecution', { executionArn }))['status'];

  /** Gives a page of a browser without a past to `use`; fails it if the page asks for anything but itself, or breaks a policy. */
  async function withPage<T>(options: BrowserContextOptions, use: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => !request.isNavigationRequest() && complaints.push(`asked for ${request.url()}`));
      const result = await use(page);
      expect(complaints.filter((text) => !/the server responded with a status of 4\d\d/.test(text))).toEqual([]);
      return result;
    } finally {
      await context.close();
    }
  }

  test('are decided by the keyboard alone, without JavaScript', async () => {
    const { execution, ann } = await asked();
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(ann);
      await page.keyboard.press('Tab');
      await page.keyboard.type('Looks good\nto me');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Thank you. This is approved by Ann').waitFor();
      // Going back and reloading shows what has been decided, not the form again.
      await page.goto(ann);
      await page.getByText('Already approved by Ann').waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
    });
    expect(await platform.ended(execution)).toMatchObject({
      output: { decision: 'approved', votes: [{ approver: 'Ann', comment: 'Looks good\nto me' }] },
    });
  });

  test('run nothing that a workflow put into its question', async () => {
    const { ann } = await asked();
    await withPage({}, async (page) => {
      await page.goto(ann);
      expect(await page.title()).toBe(work.title);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(work.title);
      expect(await page.locator('script, img').count()).toBe(0);
    });
  });

  test('fit a small phone, with buttons for thumbs', async () => {
    const { execution, ann } = await asked();
    await withPage(PHONE, async (page) => {
      await page.goto(ann);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      for (const name of ['Approve', 'Deny']) {
        const box = await page.getByRole('button', { name }).boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(44);
        expect(box?.width).toBeGreaterThanOrEqual(44);
      }
      await page.getByRole('button', { name: 'Deny' }).tap();
      await page.getByText('This is denied by Ann').waitFor();
    });
    expect(await platform.ended(execution)).toMatchObject({ output: { decision: 'denied' } });
  });

  test('decide nothing for a scanner that follows every link, runs scripts, prefetches and prerenders', async () => {
    const { execution, ann } = await asked();
    const mails = platform.aws.sns.outbox.map(({ text }) => text).filter((text) => text.includes(ann));
    const links = mails.flatMap((text) => text.match(/https?:\/\/[^\s>"]+/g) ?? []);
    expect(links).toContain(ann);
    const origin = new URL(ann).origin;
    const context = await browser.newContext();
    const seen: string[] = [];
    context.on('request', (request) => seen.push(`${request.method()} ${request.url()}`));
    const page = await context.newPage();
    const preview = `${origin}/preview-of-a-mail`;
    await context.route(preview, (route) => route.fulfill({ contentType: 'text/html', body: previewOf(links) }));
    await page.goto(preview);
    await platform.when(() => (seen.filter((line) => line === `GET ${ann}`).length > 0 ? true : undefined));
    for (const link of links) {
      await page.goto(link, { waitUntil: 'networkidle' });
      for (const anchor of await page.locator('a[href], area[href]').all()) await anchor.click();
    }
    await context.close();
    expect(seen.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(await statusOf(execution)).toBe('RUNNING');
    await withPage({}, async (fresh) => {
      await fresh.goto(ann);
      expect(await fresh.getByRole('button').count()).toBe(2);
    });
  });

  test('are shown in nobody else’s frame', async () => {
    const { ann } = await asked();
    const context = await browser.newContext();
    const page = await context.newPage();
    const frame = `${new URL(ann).origin}/a-frame`;
    await context.route(frame, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${ann}"></iframe>` }),
    );
    await page.goto(frame);
    expect(page.frames().map((each) => each.url())).toEqual([frame, 'chrome-error://chromewebdata/']);
    await context.close();
  });

  const post = (url: string, form: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(form) });

  /** Every page that an approver can meet, and how to get there; each returns the link to open. */
  const PAGES: Record<string, () => Promise<string>> = {
    'an open question': async () => (await asked({ needed: 2 })).ann,
    'a question that one other has approved': async () => {
      const { ann, bob } = await asked({ needed: 2 });
      await post(bob, { decision: 'approved', comment: 'Looks <good>' });
      return ann;
    },
    'a question that waits for others': async () => {
      const { ann } = await asked({ needed: 2 });
      await post(ann, { decision: 'approved' });
      return ann;
    },
    'a decision of somebody else': async () => {
      const { ann, bob } = await asked();
      await post(bob, { decision: 'denied', comment: 'not on a Friday' });
      return ann;
    },
    'a question that expired': async () => {
      const { ann } = await asked();
      await platform.advance(3_600_000);
      return ann;
    },
    'a question of a workflow that was stopped': async () => {
      const { execution, ann } = await asked();
      await platform.advance(1_000); // What is stored in the millisecond of the stop may be of a redrive after it.
      await platform.aws.call('states:StopExecution', { executionArn: execution });
      await platform.when(() =>
        platform.calls.find(({ action, input }) => {
          const item = action === 'PutItem' ? JSON.stringify(input) : '';
          return item.includes('"Gone"') && item.includes(execution);
        }),
      );
      return ann;
    },
    'a link that was changed': async () => `${(await asked()).ann}x`,
  };

  test.each(Object.entries(PAGES))('say %s in a way that everybody can read', async (name, make) => {
    const link = await make();
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPage({ ...PHONE, colorScheme, bypassCSP: true }, async (page) => {
        await page.goto(link);
        await page.addScriptTag({ content: axe.source });
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
        await screenshot(page, `${name}, ${colorScheme}`);
      });
    }
  });
});

/** A page as mail programs make of a mail: it warms up whatever the mail links to. */
const previewOf = (links: readonly string[]): string =>
  `<!doctype html><title>Mail</title>
  ${links.map((link) => `<link rel="prefetch" href="${link}"><a href="${link}">${link}</a>`).join('')}
  <script type="speculationrules">${JSON.stringify({ prerender: [{ urls: links, eagerness: 'immediate' }] })}</script>`;

/** For people to look at: a picture in the folder that BATON_SCREENSHOTS names. */
async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['BATON_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
