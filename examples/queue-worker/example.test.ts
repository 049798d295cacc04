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

const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;

/** The optional request is answered by nobody: its timeout is waited for. */
async function passAdvice(): Promise<void> {
  await example.called('sqs', 'SendMessage', ({ input }) => String(input['QueueUrl']).endsWith('-advice'));
  await example.advance(3_000);
}

test('an even number: a result with a uuid, then two services at once, then on without advice', async () => {
  const execution = await example.start('even', { number: 42 });
  await passAdvice();
  expect(await execution.ended()).toMatchObject({
    status: 'SUCCEEDED',
    output: {
      half: { half: 21, requestId: uuid },
      answers: { price: 10_500, stock: { there: 1_000, enough: true } },
      advice: 'none in time',
    },
  });
  const history = await execution.history();
  expect(history).toEqual(example.expected('even', history));
});

test('an odd number: what the function throws is caught by its name', async () => {
  const execution = await example.start('odd', { number: 7 });
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'OddNumber', cause: '7 is odd' });
  const history = await execution.history();
  expect(history).toEqual(example.expected('odd', history));
});

test('a busy worker: the state is retried, and each attempt has a message and a token of its own', async () => {
  const execution = await example.start('busy', { number: 2, trouble: { busyAttempts: 1 } });
  await example.called('states', 'SendTaskFailure');
  await example.advance(1_000);
  await passAdvice();
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: { half: { half: 1 } } });
  const history = await execution.history();
  expect(history).toEqual(example.expected('busy', history));
});

test.each([
  ['half', 'numbers', 'poison-direct'],
  ['stock', 'stock', 'poison-dispatched'],
])('a message that kills its worker (%s) fails its task from the dead-letter queue', async (crashes, queue, path) => {
  const execution = await example.start(path, { number: 2, trouble: { crashes } });
  await example.advance(320_000);
  const ended = await execution.ended();
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.DeadLettered' });
  expect(ended.cause).toMatch(new RegExp(`queue-worker-${queue}-dead has it \\(received 6 times`));
  const history = await execution.history();
  expect(history).toEqual(example.expected(path, history));
});

test('of several messages at once each has its own end', async () => {
  const odd = await Promise.all([1, 3, 5].map((number) => example.start(`odd-${number}`, { number })));
  expect(await Promise.all(odd.map((execution) => execution.ended()))).toMatchObject([
    { error: 'OddNumber', cause: '1 is odd' },
    { error: 'OddNumber', cause: '3 is odd' },
    { error: 'OddNumber', cause: '5 is odd' },
  ]);
});

test('a message that names no task stays in the dead-letter queue, for somebody to read', async () => {
  const url = async (queue: string) => (await example.aws.call('sqs:GetQueueUrl', { QueueName: queue }))['QueueUrl'];
  await example.aws.call('sqs:SendMessage', {
    QueueUrl: await url('queue-worker-numbers'),
    MessageBody: 'half of 42?',
  });
  await example.advance(320_000);
  const { Attributes } = await example.aws.call('sqs:GetQueueAttributes', {
    QueueUrl: await url('queue-worker-numbers-dead'),
    AttributeNames: ['All'],
  });
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes as Record<
    string,
    string
  >;
  expect(Number(visible) + Number(hidden)).toBe(1);
});

test('no worker and no handler prints a token', () => {
  const functions = ['queue-worker-numbers', 'queue-worker-prices', 'queue-worker-stock', 'baton-completer-queue'];
  const logs = JSON.stringify(functions.map((name) => example.aws.logs.lines(`/aws/lambda/${name}`)));
  expect(logs).toContain('message stays');
  expect(logs).not.toMatch(/AQC.AAAAKg/);
});
