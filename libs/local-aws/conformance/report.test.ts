import { expect, it } from 'vitest';
import { surprises, table, type Result } from './report.ts';

const results: Result[] = [
  { name: 'base/one', level: 4 },
  { name: 'base/two', level: 2, difference: 'event 3' },
  { name: 'callback/three', level: 4 },
];
const cause = { cause: 'c', reason: 'r', scenarios: [] };

it('counts by folder how many scenarios reach each level', () => {
  const rows = table(results)
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
  expect(rows[1]).toEqual(['base', '2', '2', '2', '1', '1', '50 %']);
  expect(rows.at(-1)).toEqual(['total', '3', '3', '3', '2', '2', '66 %']);
});

it('is surprised by what differs unlisted, and by what is listed and does not', () => {
  expect(surprises(results, new Map([['base/two', cause]]))).toEqual([]);
  expect(surprises(results, new Map([['base/one', cause]]))).toEqual([
    'listed as different, but equal: base/one',
    'level 2: base/two: event 3',
  ]);
});
