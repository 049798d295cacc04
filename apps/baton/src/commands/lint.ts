import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError, type Terminal } from '../terminal.ts';
import { type Fixed, fixAll } from '../lint/fix.ts';
import { count } from '../lint/rule.ts';
import { holdTerraform, lintPaths, type LintSettings } from '../lint/lint-paths.ts';
import { lintBytes, type LintResult, merge } from '../lint/lint-text.ts';
import { loadHclParser } from '../lint/read/hcl-parser.ts';
import { reportSarif } from '../lint/report-sarif.ts';
import { reportMended, reportText } from '../lint/report-text.ts';
import { allRules } from '../lint/lint-document.ts';

export interface LintOptions {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly maxWarnings?: string;
  readonly type?: string;
  readonly fix?: boolean;
  readonly pages?: string;
  readonly skipOthers?: boolean;
}

/** The folder in which the user typed the command: `npm run` changes the working directory and keeps the former in INIT_CWD. */
const userFolder = process.env['INIT_CWD'] ?? process.cwd();

/**
 * Lints definitions.
 * @returns the exit status: 1 when there is an error or there are too many warnings, else 0
 * @throws {CliError} after the report, when an input could not be read
 */
export async function runLint(paths: readonly string[], options: LintOptions, terminal: Terminal): Promise<0 | 1> {
  const given = parseOptions(paths, options);
  const settings = { ...given, hcl: holdTerraform(paths, given) ? await loadHclParser() : undefined };
  const lint = (): LintResult =>
    merge(paths.map((path) => (path === '-' ? lintStdin(settings) : lintPaths([path], settings))));
  const { mended, left: result } = options.fix ? fix(lint) : { mended: [], left: lint() };
  const nothingRead = result.definitions === 0 && result.problems.length > 0;
  if (options.json || options.sarif || !nothingRead)
    print({ ...result, mended }, { ...options, ...(await pagesOf(options)) }, terminal);
  const [first] = result.problems;
  if (first) throw new CliError(result.problems.map(({ message }) => message).join('\nbaton: '), first.exitCode);
  const { findings } = result;
  return count(findings, 'error') > 0 || count(findings, 'warning') > settings.maxWarnings ? 1 : 0;
}

function print(
  result: LintResult & Pick<Fixed, 'mended'>,
  { json, sarif, fix, pages = '' }: LintOptions,
  { line, colors }: Terminal,
): void {
  if (sarif) line(JSON.stringify(reportSarif(result, allRules, { folder: userFolder, pages }), null, 2));
  else if (json) line(JSON.stringify(result, null, 2));
  else for (const text of [...reportMended(result, fix), ...reportText(result, colors)]) line(text);
}

/** Returns the address of the pages of the rules in this installation. Only who prints SARIF waits for the local AWS to load. */
async function pagesOf({ sarif, pages }: LintOptions): Promise<Pick<LintOptions, 'pages'>> {
  if (!sarif) return {};
  if (pages !== undefined) return { pages };
  const { productFolder } = await import('@baton/local-platform');
  return { pages: pathToFileURL(join(productFolder, 'docs/lint')).href };
}

/** Files are named relative to the user's folder, as in findings. */
const fix = (lint: () => LintResult): Fixed =>
  fixAll({
    lint,
    read: (file) => readFileSync(resolve(userFolder, file), 'utf8'),
    write: (file, text) => writeFileSync(resolve(userFolder, file), text),
  });

const lintStdin = ({ type }: LintSettings): LintResult => lintBytes({ file: 'stdin', type }, readFileSync(0));

function parseOptions(paths: readonly string[], options: LintOptions): LintSettings & { readonly maxWarnings: number } {
  const { json, sarif, type, maxWarnings, fix } = options;
  if (json && sarif) throw new CliError('--json and --sarif exclude each other');
  if (fix && paths.includes('-')) throw new CliError('--fix changes files: stdin is none');
  if (type !== undefined && type !== 'STANDARD' && type !== 'EXPRESS') {
    throw new CliError(`"${type}" is not a type of state machine: give STANDARD or EXPRESS`);
  }
  if (maxWarnings !== undefined && !/^\d+$/.test(maxWarnings)) {
    throw new CliError(`"${maxWarnings}" is not a number of warnings: give 0 or more`);
  }
  return { folder: userFolder, skipOthers: options.skipOthers ?? false, type, maxWarnings: Number(maxWarnings ?? 0) };
}
