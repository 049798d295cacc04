import { names } from '@baton/local-platform';
import { readmePicture, startExample, type Example } from '@baton/local-platform/testing';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const instanceId = 'i-0ba70000000000001';
const folder = import.meta.dirname;

test('the README shows the state machine as it is', () => {
  const { stands, drawn } = readmePicture(folder);
  expect(stands).toBe(drawn);
});

describe('a job on a host', () => {
  let example: Example;
  beforeAll(async () => {
    example = await startExample(folder);
  });
  afterAll(() => example.close());

  test('its result is the output of the state', async () => {
    const execution = await example.start('succeeds', { instanceId, command: ['./make-report.sh', '--rows', '2000'] });
    expect(await execution.ended()).toMatchObject({
      status: 'SUCCEEDED',
      output: { rows: 2000, checksum: expect.stringMatching(/^sha256:/) as unknown },
    });
    const history = await execution.history();
    expect(history).toEqual(example.expected('succeeds', history));
  });

  test('a process that fails, fails the state with its exit code and the end of stderr', async () => {
    const command = ['./make-report.sh', '--rows', '2000', '--fail'];
    const execution = await example.start('fails', { instanceId, command });
    expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'Baton.JobFailed' });
    const history = await execution.history();
    expect(history).toEqual(example.expected('fails', history));
  });

  test('a host that is terminated under the process fails the state at once', async () => {
    const execution = await example.start('loses-its-host', { instanceId, command: ['sleep', '3600'] });
    await example.called('execute-api', 'POST /callbacks/{callbackId}/claim');
    await example.aws.hosts.terminate(instanceId);
    expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'Baton.HostLost' });
    const history = await execution.history();
    expect(history).toEqual(example.expected('loses-its-host', history));
  });
});

const hasAws = spawnSync('aws', ['--version']).status === 0;

describe.skipIf(!hasAws)(`the original form${hasAws ? '' : ' (skipped: needs the AWS CLI, "aws", on PATH)'}`, () => {
  let example: Example;
  beforeAll(async () => {
    example = await startExample(folder, { definition: 'original/workflow.asl.json' });
    await allow('ec2-job-states', policies['stateMachine']);
    await allow(names.hostRole, policies['host']);
  });
  afterAll(() => example.close());

  const policies = JSON.parse(readFileSync(join(folder, 'original/policies.json'), 'utf8')) as Record<string, unknown>;
  const allow = (RoleName: string, policy: unknown): Promise<unknown> =>
    example.aws.call('iam:PutRolePolicy', {
      RoleName,
      PolicyName: 'original-form',
      PolicyDocument: JSON.stringify(policy),
    });

  test('the script itself tells Step Functions of its success', async () => {
    const commandLine = './make-report.sh --rows 2000';
    const input = { instanceId, folder: example.hostFolder, commandLine };
    const execution = await example.start('original-succeeds', input);
    expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: { rows: 2000 } });
  });

  test('and of its failure', async () => {
    const commandLine = './make-report.sh --rows 2000 --fail';
    const input = { instanceId, folder: example.hostFolder, commandLine };
    const execution = await example.start('original-fails', input);
    const ended = await execution.ended();
    expect(ended).toMatchObject({ status: 'FAILED', error: 'JobFailed' });
    expect(ended.cause).toMatch(/exited with code 3[\s\S]*row 1000/);
  });

  test('its token stands in the command that SSM keeps, as the README says', async () => {
    expect(JSON.stringify(await example.aws.call('ssm:ListCommands', {}))).toMatch(/TASK_TOKEN=AQC/);
  });
});
