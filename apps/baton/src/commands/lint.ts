import { readFileSync } from 'node:fs';
import { CliError, type Terminal } from '../terminal.ts';
import { count } from '../lint/rule.ts';
import { lintPaths, type LintSettings } from '../lint/lint-paths.ts';
import { lintBytes, type LintResult, merge } from '../lint/lint-text.ts';
import { reportSarif } from '../lint/report-sarif.ts';
import { reportText } from '../lint/report-text.ts';
import { allRules } from '../lint/lint-document.ts';

export interface LintOptions {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly maxWarnings?: string;
  readonly type?: string;
}

/** The folder in which the user typed the command: `npm run` changes the working directory and keeps the former in INIT_CWD. */
const userFolder = process.env['INIT_CWD'] ?? process.cwd();

/**
 * Lints definitions.
 * @returns the exit status: 1 when there is an error or there are too many warnings, else 0
 * @throws {CliError} after the report, when an input could not be read
 */
export function runLint(paths: readonly string[], options: LintOptions, terminal: Terminal): 0 | 1 {
  const settings = parseOptions(options);
  const result = merge(paths.map((path) => (path === '-' ? lintStdin(settings) : lintPaths([path], settings))));
  const nothingRead = result.definitions === 0 && result.problems.length > 0;
  if (options.json || options.sarif || !nothingRead) print(result, options, terminal);
  const [first] = result.problems;
  if (first) throw new CliError(result.problems.map(({ message }) => message).join('\nbaton: '), first.exitCode);
  const { findings } = result;
  return count(findings, 'error') > 0 || count(findings, 'warning') > settings.maxWarnings ? 1 : 0;
}

function print(result: LintResult, { json, sarif }: LintOptions, { line, colors }: Terminal): void {
  if (sarif) line(JSON.stringify(reportSarif(result, allRules, userFolder), null, 2));
  else if (json) line(JSON.stringify(result, null, 2));
  else for (const text of reportText(result, colors)) line(text);
}

const lintStdin = ({ type }: LintSettings): LintResult => lintBytes({ file: 'stdin', type }, readFileSync(0));

function parseOptions(options: LintOptions): LintSettings & { readonly maxWarnings: number } {
  const { json, sarif, type, maxWarnings } = options;
  if (json && sarif) throw new CliError('--json and --sarif exclude each other');
  if (type !== undefined && type !== 'STANDARD' && type !== 'EXPRESS') {
    throw new CliError(`"${type}" is not a type of state machine: give STANDARD or EXPRESS`);
  }
  if (maxWarnings !== undefined && !/^\d+$/.test(maxWarnings)) {
    throw new CliError(`"${maxWarnings}" is not a number of warnings: give 0 or more`);
  }
  return { folder: userFolder, type, maxWarnings: Number(maxWarnings ?? 0) };
}
