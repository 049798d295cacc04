import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { names } from '../src/index.ts';
import { roleArn } from '../src/resources.ts';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';

const folder = fileURLToPath(new URL('../../python-worker', import.meta.url));
const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const INSTANCE_ID = 'i-0ba70000000000001';

describe.skipIf(!hasBoto3)('a worker in Python (needs python3 with boto3: pip install boto3)', () => {
  let platform: TestPlatform;
  let python: ChildProcess | undefined;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterEach(() => python?.kill('SIGKILL'));
  afterAll(() => platform.close());

  /** Runs Python with the credentials of a role. */
  function run(role: string, sessionName: string, code: string): ChildProcess {
    const { aws, url } = platform;
    const { accessKeyId, secretAccessKey, session } = aws.world.credentials.issue({
      roleArn: roleArn(aws, role),
      sessionName,
      durationSeconds: 3600,
    });
    return spawn('python3', ['-c', code], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: session.token,
        AWS_DEFAULT_REGION: aws.world.region,
        AWS_ENDPOINT_URL: url,
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
  }

  test('polls a queue: what it returns is the result, what it raises is the error', async () => {
    const queueUrl = await platform.queue('python');
    python = run(
      names.workerRole,
      'container-1',
      `from baton_worker import Baton
class OddNumber(Exception): pass
def half(work, context):
    context.heartbeat({"seen": work["number"]})
    if work["number"] % 2: raise OddNumber("it is odd")
    return {"half": work["number"] // 2}
Baton(${JSON.stringify(platform.deployment.endpoint)}).poll_queue(${JSON.stringify(queueUrl)}, half)`,
    );
    const work = (number: number) => ({ kind: 'queue', queueUrl, message: { number }, heartbeatSeconds: 60 });
    const even = await platform.start(work(84));
    expect(await platform.ended(even)).toMatchObject({ status: 'SUCCEEDED', output: { half: 42 } });
    const odd = await platform.start(work(85));
    expect(await platform.ended(odd)).toMatchObject({ status: 'FAILED', error: 'OddNumber', cause: 'it is odd' });
  });

  test('runs the job of a host, which it claims', async () => {
    // In place of the notifier is a program that leaves the claim to another.
    writeFileSync(join(platform.hostFolder, 'ec2-agent-notifier'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    await platform.aws.hosts.launch({
      instanceId: INSTANCE_ID,
      roleName: names.hostRole,
      tags: { [names.hostTag.key]: names.hostTag.value },
      path: [platform.hostFolder],
      environment: {},
    });
    const work = {
      kind: 'ssm',
      instanceId: INSTANCE_ID,
      shell: 'echo begun; echo \'{"rows": 3}\'',
      heartbeatSeconds: 60,
    };
    const execution = await platform.start(work);
    const callbackId = await platform.dispatched(execution);
    const sent = platform.calls.findLast(({ action }) => action === 'SendCommand')?.output;
    const { CommandId } = sent?.['Command'] as { CommandId: string };
    const other = run(
      names.hostRole,
      INSTANCE_ID,
      `from baton_worker import Baton
claimed = Baton(${JSON.stringify(platform.deployment.endpoint)}).run_on_host("${callbackId}", "${CommandId}", "boot-1")
assert claimed["answer"] == "granted", claimed`,
    );
    const [status] = (await once(other, 'exit')) as [number];
    expect(status).toBe(0);
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { rows: 3 } });
  });
});
