import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBaton } from '@baton/testing';
import { assertFails } from '@baton/testing/node-test';

const workflow = new URL('workflow.asl.json', import.meta.url);
const input = {
  title: 'Release 2.4',
  approvers: [
    { name: 'ann', email: 'ann@example.com' },
    { name: 'ben', email: 'ben@example.com' },
  ],
};

test('one of them approves', async () => {
  const baton = await startBaton({ workflow });
  const run = await baton.start(input);
  await run.waiting('Ask');
  await run.callback('Ask').approve('ann', 'go ahead');
  const { decision } = (await run.result()) as { readonly decision: string };
  assert.equal(decision, 'approved');
});

test('nobody decides in time', async () => {
  const baton = await startBaton({ workflow });
  const run = await baton.start(input);
  await baton.advance('24 hours');
  await assertFails(run, 'States.Timeout');
});
