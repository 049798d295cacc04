import { expect, test } from 'vitest';
import type { Reports } from '@baton/worker';
import { queueWorker } from '@baton/worker';
import { half, problemOf } from './main.ts';

test('a worker reports what the function returns', async () => {
  const said: unknown[] = [];
  const reports: Reports = () => ({
    heartbeat: async () => 'continue',
    report: async (outcome) => void said.push(outcome),
  });
  const body = JSON.stringify({ callbackId: 'a', work: { number: 84 } });
  const answer = await queueWorker(half, { reports })({
    Records: [{ messageId: '1', body, eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:jobs' }],
  });
  expect(answer.batchItemFailures).toEqual([]);
  expect(said).toEqual([{ type: 'success', output: '{"half":42}' }]);
});

test('the engine names what is wrong with a definition', () => {
  expect(problemOf('{"StartAt": "A", "States": {}}')).toBe('SCHEMA_VALIDATION_FAILED');
});
