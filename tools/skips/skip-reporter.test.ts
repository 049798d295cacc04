import { expect, test } from 'vitest';
import { startVitest } from 'vitest/node';
import { SkipReporter } from './skip-reporter.ts';

test('a run names once what it left out, and how to get it', async () => {
  const lines: string[] = [];
  const vitest = await startVitest('test', [], {
    config: false,
    watch: false,
    root: import.meta.dirname,
    include: ['skipping.ts'],
    reporters: [new SkipReporter((line) => void lines.push(line))],
  });
  await vitest.close();
  expect(lines).toEqual(['skipped: a suite: needs a moon (wait for one)', 'skipped: a test: where there is no sun']);
});
