import { test } from 'node:test';
import { startBaton } from '@baton/testing';
import { assertFails, assertSucceeds } from '@baton/testing/node-test';

const workflow = new URL('workflow.asl.json', import.meta.url);
const input = { instanceId: 'web-1', command: ['./job.sh', '3'] };

test('the job’s result is the state’s', async () => {
  const job = ({ command }: { readonly command: readonly string[] }) => ({ rows: Number(command[1]) });
  const baton = await startBaton({ workflow, workers: { job } });
  await assertSucceeds(await baton.start(input), { rows: 3 });
});

test('a host that is lost fails the state at once, by name', async () => {
  const job = (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((resolve) => signal.addEventListener('abort', resolve));
  const baton = await startBaton({ workflow, workers: { job } });
  const run = await baton.start(input);
  await run.waiting('RunJob');
  await baton.host('web-1').kill();
  await assertFails(run, 'Baton.HostLost');
});
