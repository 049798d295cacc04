import type { Workflow } from '@baton/local-platform';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CliError } from '../terminal.ts';
import { userFolder } from '../example-folders.ts';

export interface JobOptions {
  readonly input?: string;
  readonly command?: string;
  readonly folder?: string;
  readonly fail?: boolean;
}

/**
 * Reads the input of the execution: JSON or a file that the user gives, else the folder's input.json, else `{}`.
 * @throws {CliError}
 */
export function readInput(workflow: Workflow, options: JobOptions): Record<string, unknown> {
  const { name, text } = inputText(workflow, options.input);
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new CliError(`${name} is not JSON: ${(error as Error).message}`, 65);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new CliError(`${name} must hold a JSON object, as the workflow's states read its members`, 65);
  }
  return withCommand({ ...input }, options);
}

function inputText({ folder }: Workflow, given: string | undefined): { readonly name: string; readonly text: string } {
  if (given !== undefined && /^\s*[{["]/.test(given)) return { name: '--input', text: given };
  const files = given === undefined ? [join(folder, 'input.json')] : [resolve(userFolder, given), join(folder, given)];
  const file = files.find((each) => existsSync(each));
  if (file !== undefined) return { name: file, text: readFileSync(file, 'utf8') };
  if (given === undefined) return { name: 'no input', text: '{}' };
  throw new CliError(`there is no input file ${given}; JSON itself begins with {`, 66);
}

/** Refuses options that would do nothing. @throws {CliError} */
export function checkOptions({ folder, needs }: Workflow, options: JobOptions & { readonly loseHost?: boolean }): void {
  const hosts = needs.hosts.length > 0;
  if (options.loseHost && !hosts)
    throw new CliError('--lose-host is for workflows with hosts: local.json of this one has none');
  if (options.folder !== undefined && !hosts)
    throw new CliError('--folder is for workflows with hosts: local.json of this one has none');
  if (!options.fail) return;
  if (options.command !== undefined)
    throw new CliError("--fail and --command exclude each other: let the command itself fail, e.g. --command 'exit 3'");
  if (basename(folder) !== 'ec2-job')
    throw new CliError(
      "--fail is for the example ec2-job, whose job knows it; let your own job fail by --command 'exit 3'",
    );
}

function withCommand(input: Record<string, unknown>, { command, fail }: JobOptions): Record<string, unknown> {
  if (command === undefined && !fail) return input;
  if (!Array.isArray(input['command'])) {
    throw new CliError('--command is for workflows whose input has a "command"');
  }
  if (command?.trim() === '') throw new CliError('--command is empty');
  const argv: unknown[] = command === undefined ? input['command'] : ['sh', '-c', command];
  return { ...input, command: fail ? [...argv, '--fail'] : argv };
}

/** Looks for a program with a relative path in the user's folder first, then beside the example. */
export function jobFolder(workflow: Workflow, { folder, command }: JobOptions): string {
  if (folder !== undefined) {
    const chosen = resolve(userFolder, folder);
    if (!existsSync(chosen)) throw new CliError(`there is no folder ${folder}`, 66);
    return chosen;
  }
  if (command === undefined) return workflow.folder;
  const program = command.trim().split(/\s+/)[0] ?? '';
  const onlyBesideExample =
    program.startsWith('./') && !existsSync(join(userFolder, program)) && existsSync(join(workflow.folder, program));
  return onlyBesideExample ? workflow.folder : userFolder;
}
