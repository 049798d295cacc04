import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allRules } from './lint-document.ts';

const folder = new URL('../../../../docs/lint/', import.meta.url);

it('has one page for each rule', () => {
  expect(readdirSync(folder).sort()).toEqual(allRules.map(({ id }) => `${id}.md`).sort());
});

describe.each(allRules)('$id', ({ id, severity, finds, why, mend }) => {
  const page = readFileSync(new URL(`${id}.md`, folder), 'utf8');
  const sections = new Map(
    page.split(/^## /m).map((text) => [text.split('\n', 1)[0], text.slice(text.indexOf('\n')).trim()]),
  );

  it('says what the rule says', () => {
    expect(page.startsWith(`# ${id}\n\nSeverity: ${severity}\n`)).toBe(true);
    expect(sections.get('What it finds')).toBe(`${finds}.`);
    expect(sections.get('Why')).toBe(why);
    expect(sections.get('The mend')).toContain(mend);
  });

  it('tells of an incident in public', () => {
    expect(sections.get('The incident')).toMatch(/^\[[^\]]+\]\(https:\/\/\S+\)\. \S/);
  });
});
