import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Adopted, adoptText } from '../adopt/adopt-text.ts';
import { unifiedDiff } from '../adopt/line-diff.ts';
import { loadHclParser } from '../lint/read/hcl-parser.ts';
import { CliError, type Terminal } from '../terminal.ts';

export interface AdoptCommandOptions {
  readonly write?: boolean;
  readonly state?: string;
  readonly dispatcher?: string;
  readonly approver?: readonly string[];
}

/** The folder in which the user typed the command: `npm run` changes the working directory and keeps the former in INIT_CWD. */
const userFolder = process.env['INIT_CWD'] ?? process.cwd();

/**
 * Rewrites waiting states into dispatched work: shows the difference, or writes it.
 * @returns the exit status: 1 when a state that waits fits no kind of work
 * @throws {CliError} where a file cannot be read or holds no definition
 */
export async function runAdopt(
  files: readonly string[],
  options: AdoptCommandOptions,
  terminal: Terminal,
): Promise<0 | 1> {
  const hcl = files.some((file) => file.endsWith('.tf')) ? await loadHclParser() : undefined;
  let anyRefused = false;
  for (const file of files) {
    const before = read(file);
    const { state, dispatcher, approver: approvers = [] } = options;
    const result = adopted(() => adoptText({ file, text: before, state, dispatcher, approvers }, { hcl }));
    anyRefused ||= result.refused.length > 0;
    report(file, before, result, options, terminal);
  }
  return anyRefused ? 1 : 0;
}

function report(
  file: string,
  before: string,
  result: Adopted,
  { write }: AdoptCommandOptions,
  { line, colors }: Terminal,
): void {
  const { text, adopted: done, refused, elsewhere } = result;
  const paint = (each: string): string =>
    each.startsWith('+') ? colors.green(each) : each.startsWith('-') ? colors.red(each) : each;
  for (const each of unifiedDiff(file, before, text)) line(paint(each));
  if (write && text !== before) writeFileSync(resolve(userFolder, file), text);
  for (const { state, work } of done)
    line(`${write ? 'adopted' : 'would adopt'} ${file}  ${state}: work of kind ${work}`);
  for (const { state, reason } of refused) line(`left as it is ${file}  ${state}: ${reason}`);
  for (const path of elsewhere) line(`${file} names ${path}: adopt that file`);
  if (done.length > 0)
    line(
      'Who deploys it gives the placeholder of the dispatcher its ARN; its worker reports through Baton from now on.',
    );
  if (done.length === 0 && refused.length === 0) line(`Nothing to adopt in ${file}.`);
  else if (done.length > 0 && !write) line('Nothing is written yet: --write does it.');
}

function read(file: string): string {
  try {
    return readFileSync(resolve(userFolder, file), 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`, 66);
  }
}

function adopted(adopt: () => Adopted): Adopted {
  try {
    return adopt();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) throw new CliError(error.message, 65);
    throw error;
  }
}
