import { expect, it } from 'vitest';
import { allRules } from './rules.ts';

it('has one rule for each id', () => {
  expect(allRules.map(({ id }) => id)).toEqual([...new Set(allRules.map(({ id }) => id))]);
});
