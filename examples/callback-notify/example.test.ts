import { readmePicture, startExample, type Example } from '@baton/local-platform/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = import.meta.dirname;

test('the README shows the state machine as it is', () => {
  const { stands, drawn } = readmePicture(folder);
  expect(stands).toBe(drawn);
});

let example: Example;
beforeAll(async () => {
  example = await startExample(folder, { clock: 'manual' });
});
afterAll(() => example.close());

test('success: the function returns the token, and the notice tells its result', async () => {
  const order = { id: 'A-1001', cents: 4200 };
  const execution = await example.start('success', { order });
  const result = { acceptedCents: 4200 };
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: { order, result } });
  expect(await example.messages('notices')).toEqual([{ order, result }]);
  const history = await execution.history();
  expect(history).toEqual(example.expected('success', history));
});

test('failure: the notice tells why, and the execution fails by that name', async () => {
  const order = { id: 'A-1002', cents: 0 };
  const execution = await example.start('failure', { order });
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'OrderRefused' });
  expect(await example.messages('notices')).toEqual([
    { order, error: { Error: 'OrderRefused', Cause: 'order A-1002 is over 0 cents: there is nothing to pay' } },
  ]);
  const history = await execution.history();
  expect(history).toEqual(example.expected('failure', history));
});

test('a message that the function cannot read becomes a dead letter, and the platform fails its task', async () => {
  const order = 'not an order';
  const execution = await example.start('dead-letter', { order });
  await example.advance(320_000);
  const ended = await execution.ended();
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.DeadLettered' });
  expect(ended.cause).toMatch(/callback-notify-orders-dead has it/);
  expect(await example.messages('notices')).toMatchObject([{ order, error: { Error: 'Baton.DeadLettered' } }]);
  const history = await execution.history();
  expect(history).toEqual(example.expected('dead-letter', history));
});

/** Takes the worker from its queue. */
async function pause(queue: string): Promise<void> {
  const { EventSourceMappings } = await example.aws.call('lambda:ListEventSourceMappings', {
    FunctionName: `callback-notify-${queue}`,
  });
  for (const { UUID } of EventSourceMappings as { UUID: string }[]) {
    await example.aws.call('lambda:UpdateEventSourceMapping', { UUID, Enabled: false });
  }
}

test('a message that nobody takes: the timeout ends its task', async () => {
  const order = 'not an order';
  await pause('orders');
  const execution = await example.start('timeout', { order });
  await example.advance(601_000);
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(await example.messages('notices')).toEqual([{ order, error: { Error: 'States.Timeout', Cause: '' } }]);
  const history = await execution.history();
  expect(history).toEqual(example.expected('timeout', history));
});

test('the function prints no token', () => {
  const logs = JSON.stringify(example.aws.logs.lines('/aws/lambda/callback-notify-orders'));
  expect(logs).toContain('NotAnOrder');
  expect(logs).not.toMatch(/AQC.AAAAKg/);
});
