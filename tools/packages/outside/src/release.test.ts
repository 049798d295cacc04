import { startBaton } from '@baton/testing';
import '@baton/testing/vitest';
import { expect, test } from 'vitest';

const resize = async ({ file }: { readonly file: string }) => ({ thumbnail: `small-${file}` });

test('a workflow of one’s own, on the clock of the test', async () => {
  const baton = await startBaton({ workflow: 'workflow.asl.json', workers: { resize } });
  const run = await baton.start({ file: 'a.png' });
  await run.waiting('Resize');
  await baton.advance('2 hours');
  await run.callback('Release').approve('ann');
  expect(await run.result()).toMatchObject({ thumbnail: 'small-a.png', decision: { decision: 'approved' } });
  expect(run).toHaveVisited('Resize', 'Release');
});
