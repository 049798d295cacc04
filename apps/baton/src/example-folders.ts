import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { productFolder } from '@baton/local-platform';
import { CliError } from './terminal.ts';

const examples = join(productFolder, 'examples');

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

/** Returns the folder that the user named: relative to their own folder or to the project's, or the example of that name. @throws {CliError} */
export function findExample(named: string): string {
  const candidates = [resolve(userFolder, named), resolve(productFolder, named), join(examples, named)];
  const folder = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isDirectory());
  if (folder) return folder;
  throw new CliError(`there is no folder or example ${named}: "baton examples" lists the examples`, 66);
}
