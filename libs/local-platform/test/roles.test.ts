import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ObservedDecision } from '@baton/local-aws';
import { startExample, type Example } from '../src/testing/index.ts';

let example: Example;
afterEach(() => example.close());

test('an example ends well under the roles that its main.tf makes, and nothing that it needs is denied', async () => {
  example = await startExample(resolve(import.meta.dirname, '../../../examples/queue-worker'));
  const decisions: ObservedDecision[] = [];
  example.aws.observe({ decision: (decision) => decisions.push(decision) });
  const execution = await example.start('under-roles', { number: 8 });
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED' });
  expect(decisions.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(decisions.map(({ action }) => action)).toContain('states:SendTaskSuccess');
});
