/** The command as people run it, a process of its own, against the platform over HTTP. */
import { callbackRequest } from '@baton/local-platform';
import { startJobPlatform, type JobPlatform } from '@baton/local-platform/testing';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBundles } from '../build-bundles.ts';
import type { CallbackList, LifeView } from '@baton/token-lib';

const bin = fileURLToPath(new URL('../../bin/baton.js', import.meta.url));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything that any command of this file has printed, to be searched for tokens. */
const printed: string[] = [];

function run(environment: NodeJS.ProcessEnv, argv: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [bin, 'callbacks', ...argv], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) =>
    child.on('close', (status) => {
      printed.push(stdout, stderr);
      resolve({ status, stdout, stderr });
    }),
  );
}

const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const ID = '0'.repeat(26);

describe('on the platform', () => {
  let platform: JobPlatform;

  beforeAll(async () => {
    buildBundles();
    platform = await startJobPlatform({ timeoutSeconds: 120, heartbeatSeconds: 6 });
    platform.script('wait.sh', '#!/bin/sh\necho \'::progress {"rows": 5, "of": 10}\'\nexec sleep 300\n');
  }, 120_000);
  afterAll(() => platform.close());

  const baton = (...argv: string[]) =>
    run({ ...credentials, AWS_REGION: platform.aws.world.region, AWS_ENDPOINT_URL: platform.url }, argv);

  const asked = (callbackId: string, verb: string, answer?: string) =>
    platform.asked(
      verb,
      (request) => request.callbackId === callbackId && (answer === undefined || request.answer['answer'] === answer),
    );

  /** A job that runs until it is stopped, and has beaten once. */
  async function running(): Promise<{ executionArn: string; callbackId: string }> {
    const executionArn = await platform.start(['./wait.sh']);
    const { callbackId } = await platform.asked(
      'claim',
      ({ callbackId, status }) => !claimed.has(callbackId) && status === 200,
    );
    claimed.add(callbackId);
    await platform.when(() =>
      platform.calls
        .map(callbackRequest)
        .find((request) => request?.callbackId === callbackId && request.request['progress'] !== undefined),
    );
    return { executionArn, callbackId };
  }
  const claimed = new Set<string>();

  async function life(callbackId: string): Promise<LifeView> {
    const { stdout } = await baton('show', callbackId, '--json');
    return JSON.parse(stdout) as LifeView;
  }

  test('a job that runs is listed and shown, and succeed ends its task and stops it', async () => {
    const { executionArn, callbackId } = await running();

    const table = await baton('list');
    expect(table.status).toBe(0);
    for (const text of [callbackId, executionArn, platform.instanceId, 'Dispatched', 'ssm ./wait.sh']) {
      expect(table.stdout).toContain(text);
    }
    const listed = async (...filter: string[]) =>
      (JSON.parse((await baton('list', '--json', ...filter)).stdout) as CallbackList).callbacks.map(
        (callback) => callback.callbackId,
      );
    expect(await listed('--execution', executionArn, '--state', 'Dispatched', '--work', 'ssm')).toEqual([callbackId]);
    expect(await listed('--execution', executionArn.split(':').at(-1)!, '--host', platform.instanceId)).toEqual([
      callbackId,
    ]);
    expect(await listed('--older-than', '1d')).toEqual([]);
    expect(await listed('--host', 'i-0000000000000dead')).toEqual([]);

    const shown = await baton('show', callbackId);
    expect(shown.stdout).toMatch(/progress +█+░+ 50 %/);
    expect(await life(callbackId)).toMatchObject({
      callbackId,
      state: 'Dispatched',
      execution: { arn: executionArn, stateName: 'RunJob' },
      attempt: { epoch: 0 },
      claim: { progress: { rows: 5, of: 10 } },
      attempts: [{ callbackId }],
      kept: [],
    });

    const answer = await baton(
      ...['succeed', callbackId, '--output', '{"rows": 7}', '--reason', 'counted by hand', '--as', 'Jane'],
    );
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    expect(answer.stdout).toMatch(/^applied .*the task has succeeded.*stop at its next heartbeat/);
    expect(await platform.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { rows: 7 } });
    await asked(callbackId, 'heartbeat', 'stop');
    await asked(callbackId, 'failure');
    expect(await life(callbackId)).toMatchObject({
      state: 'Settled',
      outcome: {
        type: 'success',
        output: { rows: 7 },
        by: 'operator',
        operator: {
          who: expect.stringMatching(/^Jane \(arn:aws:iam::\d{12}:root\)$/) as string,
          why: 'counted by hand',
        },
      },
      claim: { releasedAt: expect.any(String) as string },
    });
    expect(await listed()).not.toContain(callbackId);

    const again = await baton('succeed', callbackId, '--output', '{"rows": 7}', '--reason', 'twice');
    expect(again).toMatchObject({ status: 0, stdout: expect.stringMatching(/^duplicate /) as string });
    const other = await baton('fail', callbackId, '--error', 'Too.Late', '--cause', 'other', '--reason', 'wrong');
    expect(other).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^conflict .*came first: a success/) as string,
    });
    const { outcome, kept } = await life(callbackId);
    expect(outcome).toMatchObject({ type: 'success' });
    expect(kept).toMatchObject([
      { verdict: 'conflict', error: 'Too.Late', by: 'operator', operator: { why: 'wrong' } },
    ]);
    expect((await baton('show', callbackId)).stdout).toMatch(/conflict .*failure Too\.Late: other +wrong/);
  }, 120_000); // A process for each of fifteen commands.

  test('fail fails the task with that name and cause', async () => {
    const { executionArn, callbackId } = await running();
    const argv = ['fail', callbackId, '--error', 'Disk.Full', '--cause', 'no space', '--reason', 'seen on the host'];
    const answer = await baton(...argv, '--json');
    expect(answer.status).toBe(0);
    expect(JSON.parse(answer.stdout)).toMatchObject({ callbackId, answer: 'applied', prevailed: true });
    expect(await platform.ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Disk.Full',
      cause: 'no space',
    });
    await asked(callbackId, 'heartbeat', 'stop');
  });

  test('stop fails the task by its own name, says by whom, and stops the job at its next heartbeat', async () => {
    const { executionArn, callbackId } = await running();
    const answer = await baton('stop', callbackId, '--reason', 'runs on the wrong host', '--as', 'Jane');
    expect(answer.status).toBe(0);
    expect(await platform.ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Baton.StoppedByOperator',
      cause: expect.stringMatching(/^stopped by Jane .*: runs on the wrong host$/) as string,
    });
    await asked(callbackId, 'heartbeat', 'stop');
  });

  test('an outcome for a task that has ended is late, and kept', async () => {
    const { executionArn, callbackId } = await running();
    await platform.aws.call('states:StopExecution', { executionArn });
    await asked(callbackId, 'heartbeat', 'stop');
    const answer = await baton('succeed', callbackId, '--output', '1', '--reason', 'too late');
    expect(answer).toMatchObject({ status: 1, stdout: expect.stringMatching(/^late .*ended/) as string });
    expect((await life(callbackId)).kept).toMatchObject([{ verdict: 'late', output: 1 }]);
  });

  test('a profile says where, as it does for the AWS CLI', async () => {
    const files = mkdtempSync(join(tmpdir(), 'aws-'));
    const AWS_CONFIG_FILE = join(files, 'config');
    const AWS_SHARED_CREDENTIALS_FILE = join(files, 'credentials');
    writeFileSync(
      AWS_CONFIG_FILE,
      `[profile ops]\nregion = ${platform.aws.world.region}\nendpoint_url = ${platform.url}\n`,
    );
    writeFileSync(AWS_SHARED_CREDENTIALS_FILE, '[ops]\naws_access_key_id = test\naws_secret_access_key = test\n');
    const argv = ['list', '--older-than', '1d', '--profile', 'ops'];
    const answer = await run({ AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE }, argv);
    expect(answer).toEqual({ status: 0, stdout: 'no open callbacks\n', stderr: '' });
    rmSync(files, { recursive: true });
  });

  test.each([
    ['an unknown id', ['show', ID], 66, /there is no callback 0{26} in the table "baton-callbacks"/],
    ['an unknown id to settle', ['stop', ID, '--reason', 'x'], 66, /there is no callback/],
    ['a table that is not there', ['list', '--table', 'other'], 66, /there is no table "other".*--table/],
  ])('%s is named', async (_what, argv, status, message) => {
    const answer = await baton(...argv);
    expect(answer).toMatchObject({ status, stdout: '' });
    expect(answer.stderr).toMatch(message);
    expect(answer.stderr.trim()).not.toContain('\n');
  });

  test('no command prints a task token (L3)', () => {
    const tokens = platform.calls
      .filter(({ service, action }) => service === 'lambda' && action === 'Invoke')
      .flatMap(({ input }) => {
        const payload = input['Payload'];
        const text = payload instanceof Uint8Array ? new TextDecoder().decode(payload) : String(payload);
        return [...text.matchAll(/"taskToken":\s*"([^"]+)"/g)].map((match) => match[1] as string);
      });
    expect(tokens.length).toBeGreaterThanOrEqual(4);
    const everything = printed.join('\n');
    expect(everything).toContain('./wait.sh');
    for (const token of tokens) expect(everything.includes(token)).toBe(false);
  });
});

describe.concurrent('bad input is one line that says what to do', () => {
  const largeFile = join(mkdtempSync(join(tmpdir(), 'output-')), 'large.json');
  writeFileSync(largeFile, JSON.stringify('x'.repeat(262_143)));
  const token = `AQCEAAAAKgAAAAM${'x'.repeat(600)}=`;
  const succeed = (output: string) => ['succeed', ID, '--reason', 'x', '--output', output];
  const fail = (error: string) => ['fail', ID, '--reason', 'x', '--cause', 'x', '--error', error];
  const nobody = ['--endpoint', 'http://127.0.0.1:1'];

  test.each([
    ['an invalid id', ['show', 'nonsense'], 64, /not a callback id.*26 characters, of 0-9 and a-z/],
    ['a token in place of an id', ['show', token], 64, /not a callback id \(616 characters\)/],
    ['a token where nothing belongs', ['list', token], 64, /too many arguments.*\(616 characters\)/],
    ['a token as a table', ['list', '--table', token], 64, /not the name of a DynamoDB table/],
    ['no id', ['show'], 64, /missing required argument 'id'/],
    ['no reason', ['stop', ID], 64, /--reason/],
    ['an empty reason', ['stop', ID, '--reason', ' '], 64, /--reason is empty/],
    ['an output that is not JSON', succeed('done'), 65, /--output is not JSON.*quotes/],
    ['an output file that is not there', succeed('@none.json'), 66, /there is no file none\.json/],
    ['an output that is too large', succeed(`@${largeFile}`), 65, /262145 bytes.*262144/],
    ['an error name of Step Functions', fail('States.Timeout'), 64, /begins with "States\."/],
    ['an error name that is too long', fail('x'.repeat(257)), 64, /257 characters.*256/],
    ['an invalid state', ['list', '--state', 'Settled'], 64, /Allowed choices are Stored, Dispatched, Settling/],
    ['an invalid kind of work', ['list', '--work', 'ecs'], 64, /Allowed choices are ssm, queue, lambda/],
    ['an invalid age', ['list', '--older-than', 'yesterday'], 64, /not a length of time.*15m/],
    ['an invalid host', ['list', '--host', 'web-1'], 64, /not an instance id/],
    ['an invalid execution', ['list', '--execution', 'arn:aws:states:x'], 64, /neither the ARN of an execution/],
    ['an invalid table', ['list', '--table', 'a b'], 64, /not the name of a DynamoDB table/],
    ['an invalid endpoint', ['list', '--endpoint', 'localhost'], 64, /not a URL/],
    ['an endpoint where nobody answers', ['list', ...nobody], 69, /nothing answers at http.*ECONNREFUSED.*baton local/],
    ['an unknown subcommand', ['purge'], 64, /unknown command/],
  ])('%s', async (_what, argv, status, message) => {
    const answer = await run(credentials, argv);
    expect(answer.stderr).toMatch(message);
    expect(answer).toMatchObject({ status, stdout: '' });
    expect(answer.stderr).not.toContain(token.slice(0, 40));
  });

  test('no credentials', async () => {
    const answer = await run({ AWS_REGION: 'us-east-1' }, ['list', ...nobody]);
    expect(answer).toMatchObject({
      status: 69,
      stderr: expect.stringMatching(/no AWS credentials.*--profile/) as string,
    });
  });

  test.each([
    ['no region', {}],
    ['an invalid region', { AWS_REGION: 'eu central' }],
  ])('%s', async (_what, region) => {
    const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const answer = await run({ ...keys, ...region }, ['list', ...nobody]);
    expect(answer).toMatchObject({ status: 64, stderr: expect.stringMatching(/no valid region.*--region/) as string });
  });
});
