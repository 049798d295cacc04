import { test } from 'node:test';
import { startBaton } from '@baton/testing';
import { assertFails, assertSucceeds } from '@baton/testing/node-test';
import { resize } from './src/work.ts';

const workflow = new URL('workflow.asl.json', import.meta.url);

test('a picture is resized', async () => {
  const baton = await startBaton({ workflow, workers: { resize } });
  await assertSucceeds(await baton.start({ file: 'a.png' }), { thumbnail: 'small-a.png' });
});

test('what is no picture fails by name', async () => {
  const baton = await startBaton({ workflow, workers: { resize } });
  await assertFails(await baton.start({ file: 'a.txt' }), 'NoPicture');
});
