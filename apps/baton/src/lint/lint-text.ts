import { isUtf8 } from 'node:buffer';
import { type Origin, readDocument } from './document.ts';
import type { Finding } from './rule.ts';
import { SyntaxProblem } from './json-tree.ts';
import { lintDocument, unknownDefinition } from './lint-document.ts';
import { locateIn } from './position.ts';
import type { Form, Machine, MachineElsewhere, Reading } from './read/machine.ts';
import { TooLongText } from './read/mapped-text.ts';
import { type Input, readMachines, type ReadingTools } from './read/read-machines.ts';

export interface LintResult {
  readonly findings: readonly Finding[];
  /** How many definitions were read. */
  readonly definitions: number;
  /** What could not be read. */
  readonly problems: readonly InputProblem[];
  /** Every file with a definition. */
  readonly read: readonly ReadFile[];
  /** Files and folders that a scan passed over, with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

export interface ReadFile {
  readonly file: string;
  readonly form: Form;
  readonly definitions: number;
}

export interface InputProblem {
  /** Of sysexits(3): 65 wrong data, 66 no input. */
  readonly exitCode: 65 | 66;
  readonly message: string;
}

/** What linting a text needs of the world; without it, what lies in other files is told as unknown. */
export interface LintTools extends ReadingTools {
  /** Reads a file that a definition is said to be in, by its path from the folder of another file. */
  readonly readBeside?: (
    file: string,
    path: string,
  ) => { readonly file: string; readonly bytes: Uint8Array } | undefined;
}

export const merge = (results: readonly LintResult[]): LintResult => ({
  findings: onePerPlace(results.flatMap(({ findings }) => findings)),
  definitions: results.reduce((sum, { definitions }) => sum + definitions, 0),
  problems: results.flatMap(({ problems }) => problems),
  read: results.flatMap(({ read }) => read),
  skipped: results.flatMap(({ skipped }) => skipped),
});

/** Several machines may be made from one file: what is wrong in it is told once. */
function onePerPlace(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ file, start, rule, message }: Finding): string =>
    [file, start.line, start.column, rule, message].join('|');
  const machines = new Map<string, string | undefined>();
  for (const finding of findings) if (!machines.has(key(finding))) machines.set(key(finding), finding.machine);
  return findings.filter((finding) => machines.get(key(finding)) === finding.machine);
}

const NOTHING: LintResult = { findings: [], definitions: 0, problems: [], read: [], skipped: [] };

export const inputProblem = (exitCode: 65 | 66, message: string): LintResult => ({
  ...NOTHING,
  problems: [{ exitCode, message }],
});

export type Given = Pick<Input, 'file' | 'type'>;

/** Lints the bytes of one file. Step Functions and Terraform accept only UTF-8. */
export function lintBytes(given: Given, bytes: Uint8Array, tools?: LintTools): LintResult {
  const text = textOfBytes(bytes);
  if (text !== undefined) return lintText({ ...given, text }, tools);
  const { file } = given;
  const start = Buffer.from(bytes.subarray(0, 2)).toString('latin1');
  return inputProblem(65, otherForm(file, start) ?? `${file} is not UTF-8: save it as UTF-8`);
}

export const textOfBytes = (bytes: Uint8Array): string | undefined =>
  isUtf8(bytes) ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : undefined;

/** Lints the text of one file: a definition, or whatever declares state machines. Never throws. */
export function lintText(input: Input, tools: LintTools = {}): LintResult {
  const reading = readingOf(input, tools);
  if (reading === undefined) return inputProblem(65, `${input.file} is ${FORMS}`);
  return 'exitCode' in reading ? { ...NOTHING, problems: [reading] } : lintReading(reading, tools);
}

const FORMS =
  'neither a definition (no StartAt and States), nor a template that declares a state machine, nor what "terraform show -json" prints';

/** @returns what keeps the text from being read, and undefined when it is of no known form */
export function readingOf(input: Input, tools: LintTools): Reading | InputProblem | undefined {
  return orProblem(input.file, input.text, undefined, () => readMachines(input, tools));
}

export function lintReading({ form, source, machines }: Reading, tools: LintTools): LintResult {
  const { file } = source;
  const result = merge(machines.map((machine) => lintMachine(machine, source, tools)));
  const ofFile = Map.groupBy(machines, (machine) => fileOf(machine) ?? '');
  ofFile.delete('');
  const counts = new Map([[file, 0], ...[...ofFile].map(([name, own]) => [name, own.length] as const)]);
  const own = [...counts].map(([name, definitions]) => ({ file: name, form, definitions }));
  return { ...result, read: [...own, ...result.read] };
}

/** The file that holds the definition; a file that is still to be read counts itself. */
function fileOf(machine: Machine): string | undefined {
  if (machine.kind === 'known') return machine.origin.file;
  return machine.kind === 'elsewhere' || machine.part ? undefined : machine.file;
}

function lintMachine(machine: Machine, source: Reading['source'], tools: LintTools): LintResult {
  switch (machine.kind) {
    case 'known':
      return lintOrigin(machine.origin);
    case 'elsewhere':
      return lintElsewhere(machine, source, tools);
    case 'unknown': {
      const { start, end } = machine.at;
      const finding = unknownDefinition(machine, source.locate(start), source.locate(Math.max(start + 1, end)));
      return { ...NOTHING, findings: [finding], definitions: machine.part ? 0 : 1 };
    }
  }
}

function lintOrigin(origin: Origin): LintResult {
  const findings = orProblem(origin.file, origin.text, origin, () => lintDocument(readDocument(origin)));
  return 'exitCode' in findings ? { ...NOTHING, problems: [findings] } : { ...NOTHING, findings, definitions: 1 };
}

function lintElsewhere(machine: MachineElsewhere, source: Reading['source'], tools: LintTools): LintResult {
  const { path, terms, at, values } = machine;
  const found = tools.readBeside?.(source.file, path);
  const text = found && textOfBytes(found.bytes);
  if (!found || text === undefined) {
    const reason = found ? `${path} is not UTF-8` : `there is no file ${path} beside it`;
    const unknown = { kind: 'unknown', at, reason, file: terms.file, machine: terms.machine } as const;
    return lintMachine(unknown, source, tools);
  }
  const reading = readingOf({ ...terms, file: found.file, text, values }, {});
  if (reading === undefined) return NOTHING;
  return 'exitCode' in reading ? { ...NOTHING, problems: [reading] } : lintReading(reading, {});
}

/** Does it, or says what keeps the text from being read. */
function orProblem<T>(file: string, text: string, origin: Origin | undefined, act: () => T): T | InputProblem {
  const problem = (message: string): InputProblem => ({ exitCode: 65, message });
  try {
    return act();
  } catch (error) {
    if (error instanceof TooLongText) return problem(`${file} cannot be read: ${error.message}`);
    if (!(error instanceof SyntaxProblem)) throw error;
    return problem(otherForm(file, text) ?? placed(file, text, origin, error));
  }
}

function placed(file: string, text: string, origin: Origin | undefined, problem: SyntaxProblem): string {
  const { message, offset, language } = problem;
  const { line, column } = (origin?.locate ?? locateIn(text))(offset);
  const machine = origin?.machine === undefined ? '' : `the definition of ${origin.machine} is `;
  return `${file}:${line}:${column}: ${machine}not ${language}: ${message}`;
}

/** Says what the text is instead, where that is obvious, and what to give instead. */
function otherForm(file: string, text: string): string | undefined {
  if (text.trim() === '') return `${file} is empty`;
  if (text.startsWith('PK'))
    return `${file} is a plan in Terraform's own form: give what "terraform show -json ${file}" prints`;
  return undefined;
}
