/** A host whose SSM agent runs five commands at a time: the sixth job fails by name, and is tried again when there is room. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startJobPlatform, type JobPlatform } from '../src/testing/index.ts';

let platform: JobPlatform;
beforeAll(async () => {
  platform = await startJobPlatform({ heartbeatSeconds: 20 });
  platform.script('wait.sh', '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.05; done\necho "{}"\n');
});
afterAll(() => platform.close());

test(
  'a job that gets no turn fails as Baton.HostBusy, and runs once another one has ended',
  { timeout: 90_000 },
  async () => {
    const five = await Promise.all(Array.from({ length: 5 }, () => platform.start(['./wait.sh'])));
    const claims = () => platform.calls.filter(({ action }) => action === 'POST /callbacks/{callbackId}/claim');
    await platform.when(() => (claims().length === 5 ? true : undefined));
    const sixth = await platform.start(['./wait.sh']);
    const failed = await platform.when(() =>
      platform.calls.find(({ action, input }) => action === 'SendTaskFailure' && input['error'] === 'Baton.HostBusy'),
    );
    expect(failed.input['cause']).toMatch(/where 5 other jobs run/);
    writeFileSync(join(platform.hostFolder, 'go'), '');
    for (const execution of [...five, sixth])
      expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  },
);
