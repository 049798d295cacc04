/** The paths of the engine's table, each in the places where a definition may have one: what the engine takes, the linter leaves alone. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lintText } from './lint-text.ts';

interface Case {
  readonly expression: string;
  readonly error?: string;
}

const cases = JSON.parse(
  readFileSync(new URL('../../../../libs/asl/cases/json-path.json', import.meta.url), 'utf8'),
) as readonly Case[];
const paths = [...new Set(cases.map(({ expression }) => expression))].filter((path) => /^\$(?:[.[]|$)/.test(path));

it.each(paths)('%s', (path) => {
  const state = { Type: 'Pass', InputPath: path, Parameters: { 'value.$': path }, OutputPath: path, End: true };
  const text = JSON.stringify({ StartAt: 'A', States: { A: state } });
  expect(lintText({ file: 'a.asl.json', text }).findings.map(({ message }) => message)).toEqual([]);
});

it.each(['$.a[?(@.b == FAILED)]', "$.a['b", '$.a[', '$.a..'])('refuses %s, as Jayway does', (path) => {
  const text = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', InputPath: path, End: true } } });
  expect(lintText({ file: 'a.asl.json', text }).findings).toMatchObject([{ rule: 'definition', severity: 'error' }]);
});
