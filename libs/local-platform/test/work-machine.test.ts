/** The state machines that the Terraform module makes from work alone; that it makes these is among its own tests. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';

const approver = 'ann@example.com';
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ clock: 'manual', approvers: [approver] });
});
afterAll(() => platform.close());

async function start(name: string, input: object, queueUrl = ''): Promise<string> {
  const { aws, deployment } = platform;
  const file = `../../../terraform/modules/state-machine/tests/definitions/${name}.asl.json`;
  const definition = readFileSync(new URL(file, import.meta.url), 'utf8')
    .replace(/arn:aws:lambda:[^"]+/, deployment.dispatcherFunctionArn)
    .replace(/https:\/\/sqs[^"]+/, queueUrl);
  const { stateMachineArn } = await aws.call('states:CreateStateMachine', {
    name,
    definition,
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/baton-workflow`,
  });
  const started = await aws.call('states:StartExecution', { stateMachineArn, input: JSON.stringify(input) });
  return String(started['executionArn']);
}

test('for a queue gives it the input, and ends with the worker’s output', async () => {
  const queueUrl = await platform.queue('work-machine');
  const execution = await start('work-of-a-queue', { number: 4 }, queueUrl);
  const { body } = await platform.receive(queueUrl);
  expect(body).toMatchObject({ work: { number: 4 }, heartbeatSeconds: 960 });
  await platform.report({
    type: 'success',
    callbackId: body['callbackId'],
    workSecret: body['workSecret'],
    output: { half: 2 },
  });
  expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { half: 2 } });
});

test('for people asks them, and ends with their decision', async () => {
  const execution = await start('work-of-people', { title: 'Go?' });
  const body = new URLSearchParams({ decision: 'approved' });
  await fetch(await platform.linkFor(approver), { method: 'POST', body });
  expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { decision: 'approved' } });
});
