import { describe, expect, it } from 'vitest';
import { lintText } from './lint-text.ts';
import { type Case, lintCase, unlimited } from './rules/check-rules.ts';
import { silenceRule } from './silence.ts';

const SUBJECT: Case = { rule: 'no-time-limit', when: 'there is none', state: unlimited() };

describe('silencing', () => {
  const rulesFound = (comment: string): readonly string[] => lintCase(SUBJECT, comment).map(({ rule }) => rule);

  it.each([
    'baton-lint-disable no-time-limit',
    'baton-lint-disable no-time-limit: ',
    'x; baton-lint-disable no-time-limit:;',
  ])('takes no silence without a reason: %s', (comment) =>
    expect(rulesFound(comment)).toEqual(expect.arrayContaining(['no-time-limit', silenceRule.id])),
  );

  it.each(['baton-lint-disable: because', 'baton-lint-disable', 'baton-lint-disable no-such-rule: because'])(
    'takes no silence of a rule that is not there: %s',
    (comment) => expect(rulesFound(comment)).toEqual(expect.arrayContaining(['no-time-limit', silenceRule.id])),
  );

  it('wants a comment for each rule', () => {
    const findings = lintCase(SUBJECT, 'baton-lint-disable no-time-limit, token-not-passed: both');
    expect(findings.find(({ rule }) => rule === silenceRule.id)).toMatchObject({
      message: 'there is no rule "no-time-limit," to silence',
      mend: 'Write "baton-lint-disable RULE: reason", once for each rule.',
    });
  });

  it('silences several rules, each for its reason', () => {
    const comment =
      'Sends. baton-lint-disable no-time-limit: a test. baton-lint-disable token-not-passed: polled; by hand';
    expect(lintCase({ ...SUBJECT, state: unlimited({ Parameters: {} }) }, comment)).toEqual([]);
  });

  it('cannot silence the rule about itself', () => {
    const comment = `baton-lint-disable ${silenceRule.id}: no. baton-lint-disable no-time-limit`;
    expect(rulesFound(comment)).toEqual(expect.arrayContaining(['no-time-limit', silenceRule.id]));
  });

  it('silences in its own state alone', () => {
    const other = { Type: 'Parallel', Comment: 'baton-lint-disable no-time-limit: not mine', End: true };
    const branch = { StartAt: 'Inner', States: { Inner: { Type: 'Task', ...unlimited(), End: true } } };
    const text = JSON.stringify({ StartAt: 'Outer', States: { Outer: { ...other, Branches: [branch] } } });
    expect(lintText({ file: 'a.asl.json', text }).findings.map(({ rule, state }) => [rule, state])).toEqual([
      ['no-time-limit', 'Inner'],
    ]);
  });

  it("silences what lies outside of states in the machine's comment", () => {
    const text = (Comment: string): string =>
      JSON.stringify({ Comment, StartAt: 'A', States: { B: { Type: 'Succeed' } } });
    expect(lintText({ file: 'a.asl.json', text: text('') }).findings.map(({ state }) => state)).toContain(undefined);
    const silenced = lintText({ file: 'a.asl.json', text: text('baton-lint-disable definition: a draft') }).findings;
    expect(silenced.filter(({ state }) => state === undefined)).toEqual([]);
  });
});
