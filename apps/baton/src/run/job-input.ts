import type { Workflow } from '@baton/local-platform';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from '../terminal.ts';
import { userFolder } from '../example-folders.ts';

export interface JobOptions {
  readonly input?: string;
  readonly command?: string;
  readonly folder?: string;
  readonly fail?: boolean;
}

/** Reads the input of the execution from the user's file, or from the example's. @throws {CliError} */
export function readInput(workflow: Workflow, options: JobOptions): Record<string, unknown> {
  const named = options.input ? resolve(userFolder, options.input) : join(workflow.folder, 'input.json');
  const file = options.input && !existsSync(named) ? join(workflow.folder, options.input) : named;
  if (!existsSync(file)) throw new CliError(`there is no input file ${options.input ?? file}`, 66);
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CliError(`${file} is not JSON: ${(error as Error).message}`, 65);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new CliError(`${file} must hold a JSON object, as the workflow's states read its members`, 65);
  }
  return withCommand({ ...input }, options);
}

function withCommand(input: Record<string, unknown>, { command, fail }: JobOptions): Record<string, unknown> {
  if (command === undefined && !fail) return input;
  if (!Array.isArray(input['command'])) {
    throw new CliError('--command and --fail are for examples whose input has a "command"');
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
