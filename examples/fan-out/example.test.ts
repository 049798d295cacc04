import { readmePicture, startExample, type Example } from '@baton/local-platform/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = import.meta.dirname;

test('the README shows the state machine as it is', () => {
  const { stands, drawn } = readmePicture(folder);
  expect(stands).toBe(drawn);
});

let example: Example;
beforeAll(async () => {
  example = await startExample(folder);
});
afterAll(() => example.close());

const shards = (...names: string[]) =>
  names.map((name, index) => ({ shard: `shards/${name}.txt`, instanceId: `i-0ba7000000000001${(index % 2) + 1}` }));

const mapRunOf = async (executionArn: string) => {
  const { mapRuns } = await example.aws.call('states:ListMapRuns', { executionArn });
  const { mapRunArn } = (mapRuns as { mapRunArn: string }[])[0]!;
  return example.aws.call('states:DescribeMapRun', { mapRunArn });
};

test('each shard has a token of its own; one of four may fail, and the results of the others are collected', async () => {
  const execution = await example.start('one-fails', { shards: shards('morning', 'noon', 'evening', 'lost') });
  expect(await execution.ended()).toMatchObject({
    status: 'SUCCEEDED',
    output: {
      words: 69,
      longest: 9,
      counted: ['shards/morning.txt', 'shards/noon.txt', 'shards/evening.txt'],
      failed: ['shards/lost.txt'],
    },
  });
  expect(await mapRunOf(execution.arn)).toMatchObject({ executionCounts: { succeeded: 3, failed: 1, total: 4 } });
  const history = await execution.history();
  expect(history).toEqual(example.expected('one-fails', history));
});

test('each shard of a Map Run has a history of its own, which names why it failed', async () => {
  const execution = await example.start('one-fails-again', { shards: shards('morning', 'noon', 'evening', 'lost') });
  await execution.ended();
  const { mapRunArn } = await mapRunOf(execution.arn);
  const { executions } = await example.aws.call('states:ListExecutions', { mapRunArn, statusFilter: 'FAILED' });
  const { executionArn } = (executions as { executionArn: string }[])[0]!;
  const history = await example.historyOf(executionArn);
  expect(history).toEqual(example.expected('the-shard-that-fails', history));
});

test('more failures than are tolerated fail the whole by a name', async () => {
  const execution = await example.start('too-many-fail', { shards: shards('lost', 'morning', 'gone', 'noon') });
  expect(await execution.ended()).toMatchObject({
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
  });
  const history = await execution.history();
  expect(history).toEqual(example.expected('too-many-fail', history));
});
