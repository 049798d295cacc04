import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalAws } from '../src/local-aws.ts';
import { actionTable, withActionTable } from './action-table.ts';

test('README.md lists the actions that there are (npm run docs:actions writes the list)', () => {
  const aws = createLocalAws();
  onTestFinished(() => aws.close());
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withActionTable(readme, actionTable(aws.services)));
});
