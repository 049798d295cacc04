import type { Document } from './document.ts';
import { causesAmong, type Found } from './causes.ts';
import { writeChanges } from './change/write-changes.ts';
import { endOf } from './json-tree.ts';
import { statesOf, type State } from './machine-states.ts';
import type { Position } from './position.ts';
import type { UnknownMachine } from './read/machine.ts';
import type { Finding, Report, Rule, RuleText } from './rule.ts';
import { checkDefinition, contains, definitionRule, unknownDefinitionRule } from './rules/definition.ts';
import { errorRules } from './rules/error-rules.ts';
import { timeRules } from './rules/time-rules.ts';
import { tokenRules } from './rules/token-rules.ts';
import { workRules } from './rules/work-rules.ts';
import { silenceRule, silencesOf } from './silence.ts';

/** Rules that check one state at a time. */
const stateRules: readonly Rule[] = [...timeRules, ...errorRules, ...tokenRules, ...workRules];

/** Every rule that a finding can name: what the README and SARIF list. */
export const allRules: readonly RuleText[] = [...stateRules, definitionRule, unknownDefinitionRule, silenceRule];

const knownRules = new Set(allRules.map(({ id }) => id));

/** @returns everything that the rules find in one definition, in the order of its text */
export function lintDocument(document: Document): readonly Finding[] {
  const states = statesOf(document);
  const ofStates = states.flatMap((state) => checkState(state));
  const ofDefinition = checkDefinition(document)
    // A rule for states says more about the same place.
    .filter(({ at }) => !ofStates.some((each) => each.report.at === at))
    .map((report) => ({ rule: definitionRule, report, state: innermost(states, report) }));
  const ofMachine = silencesOf(document.root, knownRules).reports.map((report) => ({
    rule: silenceRule,
    report,
    state: undefined,
  }));
  const findings = causesAmong([...ofStates, ...ofDefinition, ...ofMachine])
    .filter((found) => !isSilenced(document, found))
    .sort((one, other) => one.report.at.offset - other.report.at.offset)
    .map((found) => toFinding(document, found));
  return [...findings, ...partOfLoop(document)];
}

/** What a template's loop makes is judged as it stands there once. */
function partOfLoop({ file, machine, loop, locate }: Document): readonly Finding[] {
  if (!loop) return [];
  const reason = 'Terraform makes it when it plans: lint the plan';
  return [unknownDefinition({ file, machine, reason, part: true }, locate(loop.start), locate(loop.end))];
}

function checkState(state: State): readonly Found[] {
  const own = stateRules.flatMap((rule) => rule.check(state).map((report) => ({ rule, report, state })));
  const comments = silencesOf(state.node, knownRules).reports;
  return [...own, ...comments.map((report) => ({ rule: silenceRule, report, state }))];
}

/** States come in the order of the text: outer before inner ones. */
const innermost = (states: readonly State[], { at }: Report): State | undefined =>
  states.findLast(({ node }) => contains(node, at));

const isSilenced = (document: Document, { rule, state }: Found): boolean =>
  rule !== silenceRule && silencesOf(state?.node ?? document.root, knownRules).rules.has(rule.id);

function toFinding(document: Document, { rule, report, state }: Found): Finding {
  const { at, message, severity = rule.severity, mend = rule.mend } = report;
  const edits = report.changes && writeChanges(document, report.changes);
  // Only the beginning of an object is marked: the whole object could be the whole file.
  const end = at.type === 'object' || at.type === 'array' ? at.offset + 1 : endOf(at);
  return {
    ...{ rule: rule.id, severity, file: document.file, machine: document.machine, state: state?.name },
    ...{ start: document.locate(at.offset), end: document.locate(end) },
    ...{ message, why: rule.why, mend },
    ...(edits ? { edits } : {}),
  };
}

/** @returns the finding that says why a definition is not checked */
export const unknownDefinition = (
  {
    file,
    machine,
    reason,
    part = false,
  }: Pick<UnknownMachine, 'file' | 'reason' | 'part'> & { machine?: string | undefined },
  start: Position,
  end: Position,
): Finding => ({
  ...{ rule: unknownDefinitionRule.id, severity: unknownDefinitionRule.severity, file, machine, state: undefined },
  ...{
    start,
    end,
    message: `${part ? 'a part of ' : ''}the definition${machine === undefined ? '' : ` of ${machine}`} is not read: ${reason}`,
  },
  ...{ why: unknownDefinitionRule.why, mend: unknownDefinitionRule.mend },
});
