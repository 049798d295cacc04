/** Takes pictures of the console over the examples, running: `npm run screenshots -- FOLDER`. */
import { readWorkflow, startWorkflow } from '@baton/local-platform';
import { startPlatform } from '@baton/local-platform/testing';
import { names } from '@baton/local-platform';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openChromium } from '../../../libs/local-platform/test/chromium.ts';
import { connectWorld } from '../src/server/connect-world.ts';
import { serveConsole } from '../src/server/serve-console.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? 'screenshots');
mkdirSync(folder, { recursive: true });

const platform = await startPlatform({ iam: 'off' });
const { region } = platform.aws.world;
const world = connectWorld({
  place: { kind: 'local', region, table: names.table },
  region,
  endpoint: platform.url,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  now: () => platform.aws.clock.now(),
  who: async () => 'the operator',
  watch: (changed) => platform.aws.observe({ event: () => changed() }),
  pollMillis: 1_000,
});
const served = await serveConsole({ world, port: 0, page: join(root, 'apps/console/dist') });
const running = [];
const executions: string[] = [];
for (const name of ['approval', 'ec2-job', 'fan-out', 'queue-worker', 'webhook']) {
  const workflow = readWorkflow(join(root, 'examples', name));
  const started = await startWorkflow(platform.aws, platform.deployment, workflow);
  running.push(started);
  const input = JSON.parse(readFileSync(join(workflow.folder, 'input.json'), 'utf8')) as Record<string, unknown>;
  const long =
    name === 'ec2-job'
      ? { ...input, command: ['sh', '-c', 'echo \'::progress {"rows": 1200, "of": 5000}\'; sleep 60'] }
      : input;
  executions.push(await platform.startMachine(started.stateMachineArn, long));
}
for (const [index, queue] of ['invoices', 'thumbnails', 'exports', 'letters'].entries()) {
  const queueUrl = await platform.queue(queue);
  for (let copy = 0; copy <= index; copy++) await platform.start({ kind: 'queue', queueUrl, message: copy });
}

const browser = await openChromium();
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries({
      wide: { width: 1280, height: 800 },
      narrow: { width: 320, height: 700 },
    })) {
      const context = await browser.newContext({ colorScheme, viewport });
      const page = await context.newPage();
      await page.goto(served.url);
      await page.waitForSelector('a.open');
      const first = (await page.getAttribute('a.open', 'href')) ?? '/';
      const rooms = {
        callback: first,
        closed: '/closed',
        execution: `/executions/${encodeURIComponent(executions[0] ?? '')}`,
        executions: '/executions',
        health: '/health',
        // Last: by now the console has asked why each of them waits.
        waiting: '/',
      };
      for (const [room, path] of Object.entries(rooms)) {
        await page.goto(new URL(path, served.url).href);
        await page.waitForSelector('main h1');
        await page.waitForFunction(
          "!document.body.innerText.includes('reading…') && !document.querySelector('.why:empty')",
        );
        await page.waitForLoadState('load');
        const file = join(folder, `${room}-${colorScheme}-${size}.png`);
        await page.screenshot({ path: file });
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  for (const each of running) each.close();
  await served.close();
  world.close();
  await platform.close();
}
