/** For the tests of rules: states to build cases from, and what a case claims. */
import { describe, expect, it } from 'vitest';
import type { Finding, RuleText } from '../rule.ts';
import { lintText } from '../lint-text.ts';
import type { Input } from '../read/read-machines.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Case {
  readonly rule: string;
  readonly when: string;
  /** The state `Subject`, completed by Type, and by End where it has no Next. */
  readonly state: Fields;
  readonly machine?: Fields;
  readonly origin?: Partial<Input>;
  /** The severity; undefined when the rule finds nothing. */
  readonly found?: Finding['severity'];
}

export const LAMBDA = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
export const SQS = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
export const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';
export const ACTIVITY = 'arn:aws:states:eu-west-1:123456789012:activity:worker';
export const TOKEN = { 'taskToken.$': '$$.Task.Token' };

export const unlimited = (fields: Fields = {}): Fields => ({
  Resource: LAMBDA,
  Parameters: { Payload: TOKEN },
  ...fields,
});
export const waiting = (fields: Fields): Fields => unlimited({ TimeoutSeconds: 60, ...fields });
export const working = (work: Fields, fields: Fields = {}): Fields =>
  waiting({ Parameters: { Payload: { ...TOKEN, work } }, ...fields });
export const approval = (fields: Fields): Fields => working({ kind: 'approval' }, fields);

function definitionOf({ state, machine }: Case, comment?: string): string {
  const end = 'Next' in state ? {} : { End: true };
  const own = comment === undefined ? {} : { Comment: comment };
  const last = 'Next' in state ? { Last: { Type: 'Succeed' } } : {};
  const subject = { Type: 'Task', ...state, ...end, ...own };
  return JSON.stringify({ ...machine, StartAt: 'Subject', States: { Subject: subject, ...last } }, null, 2);
}

export const lintCase = (each: Case, comment?: string): readonly Finding[] =>
  lintText({ file: 'a.asl.json', text: definitionOf(each, comment), ...each.origin }).findings;

/** Checks that every rule has cases of both kinds, and that what it finds can be silenced. */
export function checkRules(rules: readonly RuleText[], cases: readonly Case[]): void {
  it('has a case for each rule', () => {
    expect(new Set(cases.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ id }) => id)));
  });

  describe.each(rules.map(({ id }) => id))('%s', (rule) => {
    const own = cases.filter((each) => each.rule === rule);
    const lint = (each: Case, comment?: string): readonly Finding[] =>
      lintCase(each, comment).filter((finding) => finding.rule === rule);

    it.each(own.filter(({ found }) => found !== undefined))('finds: $when', (each) => {
      expect(lint(each).map(({ severity, state }) => ({ severity, state }))).toContainEqual({
        severity: each.found,
        state: 'Subject',
      });
      expect(lint(each, `baton-lint-disable ${rule}: accepted`)).toEqual([]);
    });

    it.each(own.filter(({ found }) => found === undefined))('leaves alone: $when', (each) => {
      expect(lint(each)).toEqual([]);
    });

    it('has a case for either', () => {
      expect(new Set(own.map(({ found }) => found !== undefined))).toEqual(new Set([true, false]));
    });
  });
}
