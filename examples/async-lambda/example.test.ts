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

const progressOf = async (jobId: string) => {
  const Key = { jobId: { S: jobId } };
  const { Item } = await example.aws.call('dynamodb:GetItem', { TableName: 'async-lambda-progress', Key });
  return Item;
};

test('the function works on behind the workflow, and its own result is the output', async () => {
  const execution = await example.start('completes', { jobId: 'completes', chapters: 3 });
  expect(await execution.ended()).toMatchObject({
    status: 'SUCCEEDED',
    output: { message: 'Async func completed!', chapters: 3, resumedAfter: 0 },
  });
  expect(await progressOf('completes')).toEqual({ jobId: { S: 'completes' }, done: { N: '3' }, of: { N: '3' } });
  const history = await execution.history();
  expect(history).toEqual(example.expected('completes', history));
});

test('what the function throws is the error of the state', async () => {
  const execution = await example.start('throws', { jobId: 'throws', chapters: 0 });
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'NoSuchBook' });
  const history = await execution.history();
  expect(history).toEqual(example.expected('throws', history));
});

test('a crash reaches the task by the on-failure destination; the retry goes on where it was lost', async () => {
  const execution = await example.start('crashes', { jobId: 'crashes', chapters: 5, crashBefore: 4 });
  await example.called('states', 'SendTaskFailure');
  await example.advance(2_000);
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: { chapters: 5, resumedAfter: 3 } });
  const history = await execution.history();
  expect(history).toEqual(example.expected('crashes', history));
});

test('a function that crashes in each attempt fails the execution by the name of the crash', async () => {
  const execution = await example.start('crashes-again', { jobId: 'crashes-again', chapters: 5, crashBefore: 1 });
  await example.called('states', 'SendTaskFailure');
  await example.advance(2_000);
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
  const history = await execution.history();
  expect(history).toEqual(example.expected('crashes-again', history));
});

test('a function of which nothing is heard fails the task after HeartbeatSeconds, long before TimeoutSeconds', async () => {
  const FunctionName = 'async-lambda-print-book';
  await example.aws.call('lambda:PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 0 });
  const execution = await example.start('silent', { jobId: 'silent', chapters: 3 });
  await example.advance(130_000);
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  const history = await execution.history();
  expect(history).toEqual(example.expected('silent', history));
});
