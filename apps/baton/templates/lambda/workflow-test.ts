import { test } from 'node:test';
import { startBaton } from '@baton/testing';
import { assertSucceeds } from '@baton/testing/node-test';
import { print } from './src/work.ts';

const workflow = new URL('workflow.asl.json', import.meta.url);

test('a book is printed, page by page', async () => {
  const baton = await startBaton({ workflow, workers: { print } });
  await assertSucceeds(await baton.start({ pages: 12 }), { printed: 12 });
});
