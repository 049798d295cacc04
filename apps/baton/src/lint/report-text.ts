import type { Terminal } from '../terminal.ts';
import { count, type Finding, type Severity } from './rule.ts';
import type { LintResult } from './lint-text.ts';

type Colors = Terminal['colors'];

/** Returns the findings as text, grouped by file, each with its consequence and its remedy. */
export function reportText(result: LintResult, colors: Colors): readonly string[] {
  const { findings, definitions } = result;
  const groups = Map.groupBy(findings, ({ file, machine }) => (machine === undefined ? file : `${file}  ${machine}`));
  const lines = [...groups].flatMap(([title, group]) => [
    colors.bold(colors.underline(title)),
    ...group.flatMap((finding) => describe(finding, colors)),
    '',
  ]);
  return [...lines, summary(findings, definitions, colors), ...whatWasRead(result)];
}

/** Returns what --fix did, and how much of what is left needs somebody to decide. */
export function reportMended(
  { mended, findings }: Pick<LintResult, 'findings'> & { readonly mended: readonly Finding[] },
  asked = false,
): readonly string[] {
  if (!asked) return [];
  const done = mended.map(
    ({ file, state, rule, message }) =>
      `mended ${file}  ${state === undefined ? '' : `${printable(state)}: `}${printable(message)}  ${rule}`,
  );
  const open = findings.filter(({ severity }) => severity !== 'note').length;
  const left = open === 0 ? [] : [`${plural(open, 'finding')} below could not be mended without a decision of yours.`];
  return [...(done.length > 0 ? done : ['Nothing to mend.']), ...left, ''];
}

function describe(finding: Finding, colors: Colors): readonly string[] {
  const { severity, state, start, message, why, mend, rule } = finding;
  const place = `${start.line}:${start.column}`;
  const subject = state === undefined ? '' : `${colors.bold(printable(state))}: `;
  return [
    `  ${colors.dim(place.padEnd(7))} ${paint(severity, colors)(severity.padEnd(7))} ${subject}${printable(message)}  ${colors.dim(rule)}`,
    ...wrap(why).map((text) => `${INDENT}${text}`),
    ...wrap(`mend: ${mend}`).map((text) => `${INDENT}${text.replace(/^mend:/, colors.cyan('mend:'))}`),
  ];
}

function summary(findings: readonly Finding[], definitions: number, colors: Colors): string {
  const where = plural(definitions, 'definition');
  if (findings.length === 0) return `${colors.green('Nothing found')} in ${where}.`;
  const numbers = (['error', 'warning', 'note'] as const)
    .map((severity) => [severity, count(findings, severity)] as const)
    .filter(([, number]) => number > 0)
    .map(([severity, number]) => paint(severity, colors)(plural(number, severity)));
  return `${numbers.join(', ')} in ${where}.`;
}

function whatWasRead({ read, skipped }: LintResult): readonly string[] {
  const forms = [...Map.groupBy(read, ({ form }) => form)].map(([form, files]) => `${files.length} ${form}`);
  const reasons = [...Map.groupBy(skipped, ({ reason }) => reason)].map(
    ([reason, files]) => `  ${printable(reason)}: ${someOf(files.map(({ file }) => printable(file)))}`,
  );
  return [
    ...(read.length > 0 ? [`Read ${plural(read.length, 'file')}: ${forms.join(', ')}.`] : []),
    ...(skipped.length > 0 ? [`Skipped ${skipped.length}:`, ...reasons] : []),
  ];
}

/** A scan may skip thousands of files: --json lists them all. */
const SHOWN = 5;

function someOf(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const INDENT = ' '.repeat(18);

/** Wraps a text at 80 characters, between words. */
const wrap = (text: string): readonly string[] => text.match(/\S.{0,78}\S(?=\s|$)|\S+/g) ?? [];

const paint = (severity: Severity, { red, yellow, blue }: Colors): ((text: string) => string) =>
  ({ error: red, warning: yellow, note: blue })[severity];

const plural = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Names come from any file: their control characters must not reach the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');
