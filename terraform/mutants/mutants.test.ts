import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTable } from '../iam-table/table.ts';
import { mutants } from './mutants.ts';
import { missingStatements } from './statements.ts';

test.each(mutants)('the place of "$fault" in $file is found exactly once', ({ file, from }) => {
  expect(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').split(from)).toHaveLength(2);
});

const table = parseTable(readFileSync(new URL('../iam-table.md', import.meta.url), 'utf8'));

test.each(missingStatements)('a call is known to need $sid of $role, which is taken away', ({ role, sid, action }) => {
  const row = table.find((each) => each.policy === `${role}/own-work` && each.sid === sid && each.action === action);
  expect(row?.call).toBeDefined();
});
