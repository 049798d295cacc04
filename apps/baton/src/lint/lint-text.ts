import { isUtf8 } from 'node:buffer';
import { type Document, type Origin, readDocument } from './document.ts';
import type { Finding } from './rule.ts';
import { JsonProblem, member, type Node } from './json-tree.ts';
import { lintDocument, toFinding } from './lint-document.ts';
import { locateIn } from './position.ts';
import { machinesOfPlan, type PlannedMachine, unknownDefinitionRule } from './terraform-plan.ts';

export interface LintResult {
  readonly findings: readonly Finding[];
  /** How many definitions were read. */
  readonly definitions: number;
  /** What could not be read. */
  readonly problems: readonly InputProblem[];
}

export interface InputProblem {
  /** Of sysexits(3): 65 wrong data, 66 no input. */
  readonly exitCode: 65 | 66;
  readonly message: string;
}

export const merge = (results: readonly LintResult[]): LintResult => ({
  findings: results.flatMap(({ findings }) => findings),
  definitions: results.reduce((sum, { definitions }) => sum + definitions, 0),
  problems: results.flatMap(({ problems }) => problems),
});

export const inputProblem = (exitCode: 65 | 66, message: string): LintResult => ({
  ...{ findings: [], definitions: 0 },
  problems: [{ exitCode, message }],
});

/** Lints the bytes of one file. Step Functions and Terraform accept only UTF-8. */
export function lintBytes(origin: Omit<Origin, 'text'>, bytes: Uint8Array): LintResult {
  if (isUtf8(bytes)) return lintText({ ...origin, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) });
  const { file } = origin;
  const start = Buffer.from(bytes.subarray(0, 2)).toString('latin1');
  return inputProblem(65, otherForm(file, start) ?? `${file} is not UTF-8: save it as UTF-8`);
}

/** Lints the text of one file: a definition, templated or not, or a plan as JSON. Never throws. */
export const lintText = (origin: Origin): LintResult =>
  withDocument(origin, (document) => {
    const { file, text } = origin;
    const plan = machinesOfPlan(file, text, document.root);
    if (plan) return merge(plan.map((machine) => lintPlanned(machine, document)));
    if (/\.asl\.json(?:\.tftpl)?$/.test(file) || looksLikeDefinition(document.root)) return linted(document);
    return inputProblem(
      65,
      `${file} is neither a definition (no StartAt and States) nor what "terraform show -json" prints`,
    );
  });

const linted = (document: Document): LintResult => ({
  findings: lintDocument(document),
  definitions: 1,
  problems: [],
});

function withDocument(origin: Origin, lint: (document: Document) => LintResult): LintResult {
  try {
    return lint(readDocument(origin));
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return inputProblem(65, notJson(origin, error));
  }
}

function lintPlanned(planned: PlannedMachine, plan: Document): LintResult {
  const { address } = planned;
  if (planned.kind === 'known') return withDocument(planned.origin, linted);
  const document = { ...plan, machine: address };
  const finding = toFinding(document, { rule: unknownDefinitionRule, report: planned.report, state: undefined });
  return { findings: [finding], definitions: 1, problems: [] };
}

export const looksLikeDefinition = (root: Node): boolean =>
  member(root, 'StartAt') !== undefined && member(root, 'States') !== undefined;

function notJson({ file, text, locate = locateIn(text), machine }: Origin, { message, offset }: JsonProblem): string {
  const other = otherForm(file, text);
  if (other !== undefined) return other;
  const { line, column } = locate(offset);
  return `${file}:${line}:${column}: ${machine === undefined ? '' : `the definition of ${machine} is `}not JSON: ${message}`;
}

/** Says what the text is instead of JSON, where that is obvious, and what to give instead. */
function otherForm(file: string, text: string): string | undefined {
  if (text.trim() === '') return `${file} is empty`;
  if (text.startsWith('PK'))
    return `${file} is a plan in Terraform's own form: give what "terraform show -json ${file}" prints`;
  if (/\.ya?ml$/i.test(file) || /^(?:Comment|StartAt|States):/m.test(text))
    return `${file} is YAML, and only JSON is read: "yq -o=json . FILE | npx baton lint -" converts it`;
  if (/\.tf$/.test(file))
    return `${file} is Terraform's language: give the JSON that it reads, or what "terraform show -json" prints of a plan`;
  return undefined;
}
