import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { deployNeeds } from './deploy-needs.ts';
import { Needs } from './needs.ts';

let aws: LocalAws;
let folder: string;
beforeEach(() => {
  aws = createLocalAws();
  folder = mkdtempSync(join(tmpdir(), 'needs-'));
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const deploy = (needs: z.input<typeof Needs>) =>
  deployNeeds(aws, { name: 'shop', built: folder, needs: Needs.parse(needs) }, { given: 1 });

test('what is made becomes a variable, beside those that were given', async () => {
  const variables = await deploy({
    queues: { orders: {}, 'orders-late': { visibilityTimeoutSeconds: 5 } },
    topics: { notices: { queues: ['orders'], emails: ['ann@example.com'] } },
    tables: { progress: { partitionKey: 'id' } },
  });
  expect(variables).toMatchObject({
    given: 1,
    orders_late_queue_arn: 'arn:aws:sqs:us-east-1:123456789012:shop-orders-late',
    notices_topic_arn: 'arn:aws:sns:us-east-1:123456789012:shop-notices',
    progress_table_name: 'shop-progress',
  });
});

test('a person who is subscribed gets the mails that follow', async () => {
  const { notices_topic_arn: TopicArn } = await deploy({ topics: { notices: { emails: ['ann@example.com'] } } });
  await aws.call('sns:Publish', { TopicArn, Message: 'hello', Subject: 'news' });
  expect(aws.sns.outbox.at(-1)).toMatchObject({ to: 'ann@example.com', subject: 'news' });
});

test('a queue that is not there is named', async () => {
  await expect(deploy({ topics: { notices: { queues: ['ordesr'] } } })).rejects.toThrow(
    'shop/local.json names the queue "ordesr", which it does not have',
  );
});

test('a function whose bundle is not there says what to do', async () => {
  await expect(deploy({ functions: { work: { handler: 'main.work', timeoutSeconds: 5 } } })).rejects.toThrow(
    'shop has not been built: run "npm run build"',
  );
});

test.each([
  ['an unknown member', { qeues: {} }],
  ['a name with capitals', { queues: { Orders: {} } }],
  ['a handler elsewhere', { functions: { work: { handler: 'index.work', timeoutSeconds: 5 } } }],
  ['a worker without a timeout', { workers: { work: { handler: 'main.work' } } }],
  ['a table without a key', { tables: { progress: {} } }],
])('%s is refused', (_what, needs) => {
  expect(z.safeParse(Needs, needs).success).toBe(false);
});
