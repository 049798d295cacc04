import { expect, it } from 'vitest';
import type { Level } from './compare.ts';
import { surprises, table, unfounded, type Result } from './report.ts';

const results: Result[] = [
  { name: 'base/one', level: 4 },
  { name: 'base/two', level: 2, difference: 'event 3' },
  { name: 'callback/three', level: 4 },
];
const knownAt = (level: Level) => ({ cause: 'c', level, reason: 'r', scenarios: [] });

it('counts by folder how many scenarios reach each level', () => {
  const rows = table(results)
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
  expect(rows[1]).toEqual(['base', '2', '2', '2', '1', '1', '50 %']);
  expect(rows.at(-1)).toEqual(['total', '3', '3', '3', '2', '2', '66 %']);
});

it('is surprised by a difference that is not listed, and by a listed one at another level', () => {
  expect(surprises(results, new Map([['base/two', knownAt(2)]]))).toEqual([]);
  expect(surprises(results, new Map([['base/two', knownAt(3)]]))).toEqual(['level 2: base/two: event 3']);
  expect(surprises(results, new Map([['base/two', knownAt(1)]]))).toEqual([
    'listed as different at level 1, but reaches 2: base/two',
  ]);
  expect(surprises(results, new Map([['base/one', knownAt(2)]]))).toEqual([
    'listed as different at level 2, but reaches 4: base/one',
    'level 2: base/two: event 3',
  ]);
});

it('is surprised by an action that claims a recording and has none', () => {
  expect(unfounded(['sqs:SendMessage', 'dynamodb:Scan'], new Set(['sqs:SendMessage']))).toEqual([
    'says that it is recorded, but no scenario calls it: dynamodb:Scan',
  ]);
});
