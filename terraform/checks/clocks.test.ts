/** How long a queue tries a message stands in three places, which must agree: the defaults of both modules, and lint. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readBlocks } from './hcl-blocks.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

/** The default of a module's variable, a number. */
function numberByDefault(module: string, variable: string): number {
  const blocks = readBlocks('variable', read(`../modules/${module}/variables.tf`));
  return Number(blocks.find(({ name }) => name === variable)?.fallback);
}

test('state machines and lint count with the queue worker that its defaults make', () => {
  const receives = numberByDefault('queue-worker', 'max_receive_count');
  const seconds = receives * 6 * numberByDefault('queue-worker', 'timeout_seconds');
  expect(numberByDefault('state-machine', 'redelivery_seconds')).toBe(seconds);
  expect(read('../../apps/baton/src/lint/rules/time-rules.ts')).toContain(`REDELIVERY_SECONDS = ${seconds};`);
});
