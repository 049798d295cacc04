/** examples/ec2-job: its script as a job of the notifier, and its original form with a stand-in for the AWS CLI. */
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { granted } from './baton-server.ts';
import { startHost, type TestHost } from './host.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/ec2-job', import.meta.url));
const REPORT = join(EXAMPLE, 'make-report.sh');

let host: TestHost;
beforeEach(async () => {
  host = await startHost();
});
afterEach(() => host.close());

test('the report is the output, and the same on every host', async () => {
  host.baton.script('claim', granted({ command: ['./make-report.sh', '--rows', '1000'], workingDirectory: EXAMPLE }));
  const { code, stdout } = await host.run();
  expect(code).toBe(0);
  const { output } = (await host.baton.nth('success')).body;
  expect(output).toMatchObject({
    rows: 1000,
    checksum: 'sha256:929886008987e7da93e47612adb6530f5c3099186aef2350c8aaa1ef37a29b14',
  });
  expect(JSON.parse(stdout)).toEqual(output);
});

test('its progress comes with the heartbeats', async () => {
  host.baton.script('claim', granted({ command: [REPORT, '--rows', '200000'] }));
  const { ended } = host.startRun();
  const { body } = await host.baton.nth('heartbeat', 1, ({ progress }) => progress !== undefined);
  expect(body['progress']).toMatchObject({ of: 200000 });
  expect((await ended).code).toBe(0);
});

test('--fail is reported with exit code and reason', async () => {
  host.baton.script('claim', granted({ command: [REPORT, '--rows', '1000', '--fail'] }));
  expect((await host.run()).code).toBe(1);
  expect(host.baton.seen.at(-1)!.body).toMatchObject({
    error: 'Baton.JobFailed',
    cause: expect.stringMatching(/exited with code 3[\s\S]*row 500: a payment of/) as string,
  });
});

test.each([[['--rows']], [['--rows', '0']], [['--rows', '1e3']], [['--seed', '99999999999']], [['--slow']]])(
  '%j is refused with the usage',
  async (args) => {
    const refused = promisify(execFile)(REPORT, args);
    await expect(refused).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Usage: make-report.sh') as string,
    });
  },
);

test('the original form tells Step Functions itself', async () => {
  const aws = join(host.folder, 'aws');
  await writeFile(aws, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  await chmod(aws, 0o755);
  const env = { PATH: `${host.folder}:${process.env['PATH']}`, TASK_TOKEN: 'AQC+/=token==' };
  const call = async (...args: string[]) =>
    (await promisify(execFile)(join(EXAMPLE, 'original', 'async-done.sh'), [REPORT, ...args], { env })).stdout.split(
      '\n',
    );
  expect(await call('--rows', '10')).toEqual(
    expect.arrayContaining([
      'send-task-success',
      '--task-token',
      env.TASK_TOKEN,
      expect.stringContaining('"rows":10') as string,
    ]),
  );
  expect(await call('--rows', '10', '--fail')).toEqual(
    expect.arrayContaining([
      'send-task-failure',
      '--task-token',
      env.TASK_TOKEN,
      expect.stringContaining('row 5: a payment of') as string,
    ]),
  );
});
