import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './terminal.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = join(root, 'examples');

/** The folder in which the user typed the command: `npm run` changes the working directory and keeps the former in INIT_CWD. */
export const userFolder = process.env['INIT_CWD'] ?? process.cwd();

export interface ExampleFolder {
  readonly name: string;
  readonly folder: string;
  /** What it shows: the description in its package.json. */
  readonly line: string;
}

export function exampleFolders(): readonly ExampleFolder[] {
  return readdirSync(examples)
    .toSorted()
    .map((name) => ({ name, folder: join(examples, name) }))
    .filter(({ folder }) => existsSync(join(folder, 'workflow.asl.json')))
    .map(({ name, folder }) => ({ name, folder, line: describe(join(folder, 'package.json')) }));
}

function describe(file: string): string {
  if (!existsSync(file)) return '';
  const { description } = JSON.parse(readFileSync(file, 'utf8')) as { description?: string };
  return description ?? '';
}

/** @returns the folder that the user named, relative to their own folder or to the project's. @throws {CliError} when there is none */
export function findExample(named: string): string {
  const candidates = [resolve(userFolder, named), resolve(root, named)];
  const folder = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isDirectory());
  if (folder) return folder;
  throw new CliError(`there is no folder ${named}; "baton examples" lists the examples, which are in examples/`, 66);
}
