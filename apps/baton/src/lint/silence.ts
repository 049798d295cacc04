/**
 * `baton-lint-disable RULE: reason` in a state's Comment silences one rule in that state; it can be repeated. Findings outside of every state are
 * silenced in the machine's own Comment.
 */
import { member, type Node, textOf } from './json-tree.ts';
import type { Report, RuleText } from './rule.ts';

export const silenceRule: RuleText = {
  id: 'silence-without-reason',
  severity: 'error',
  finds: 'A `baton-lint-disable` comment without a rule that exists, or without a reason',
  why: 'Who reads the definition next cannot tell an accepted risk from a forgotten one; such a comment silences nothing.',
  mend: 'Write "baton-lint-disable RULE: reason", once for each rule.',
};

interface Silence {
  readonly rule: string;
  readonly reason: string;
}

export interface Silences {
  readonly rules: ReadonlySet<string>;
  /** What is wrong with the comments themselves. */
  readonly reports: readonly Report[];
}

const MARK = 'baton-lint-disable';

/** Reads the silences of a state, or of the machine. */
export function silencesOf(node: Node, knownRules: ReadonlySet<string>): Silences {
  const comment = member(node, 'Comment');
  const silences = parseSilences(textOf(comment) ?? '');
  const reports = silences.flatMap((silence): readonly Report[] => {
    const message = complaint(silence, knownRules);
    return comment && message !== undefined ? [{ at: comment, message }] : [];
  });
  return { rules: new Set(silences.filter(({ reason }) => reason !== '').map(({ rule }) => rule)), reports };
}

const parseSilences = (comment: string): readonly Silence[] =>
  comment
    .split(MARK)
    .slice(1)
    .map((text) => {
      const [, rule = '', reason = ''] = /^\s*([^\s:]*)\s*(?::([\s\S]*))?/.exec(text) ?? [];
      return { rule, reason: reason.replace(/[\s;,]+$/, '').trim() };
    });

function complaint({ rule, reason }: Silence, knownRules: ReadonlySet<string>): string | undefined {
  if (rule === '') return `"${MARK}" names no rule`;
  if (!knownRules.has(rule)) return `there is no rule "${rule}" to silence`;
  return reason === '' ? `"${MARK} ${rule}" gives no reason` : undefined;
}
