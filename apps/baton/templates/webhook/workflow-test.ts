import { test } from 'node:test';
import { startBaton } from '@baton/testing';
import { assertFails, assertSucceeds } from '@baton/testing/node-test';

const workflow = new URL('workflow.asl.json', import.meta.url);

test('the partner calls back', async () => {
  const baton = await startBaton({ workflow });
  const run = await baton.start({ parcel: 'A-1001', to: 'Lisbon' });
  await run.waiting('Order');
  await run.callback('Order').succeed({ shipped: 'A-1001' });
  await assertSucceeds(run, { shipped: 'A-1001' });
});

test('the partner stays silent', async () => {
  const baton = await startBaton({ workflow });
  const run = await baton.start({ parcel: 'A-1001', to: 'Lisbon' });
  await baton.advance('1 hour');
  await assertFails(run, 'States.Timeout');
});
