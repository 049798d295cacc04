import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allRules } from './lint-document.ts';

it('lists every rule in the README as the rule says it', () => {
  const rows = allRules.map(({ id, severity, finds, why, mend }) =>
    ['', `\`${id}\``, severity, finds, why, mend, ''].join(' | ').trim(),
  );
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const table = readme.split('\n').filter((line) => line.startsWith('| `'));
  expect(table).toEqual(rows);
});

it('has one rule for each id', () => {
  expect(allRules.map(({ id }) => id)).toEqual([...new Set(allRules.map(({ id }) => id))]);
});
