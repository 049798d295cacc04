import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './terminal.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = join(root, 'examples');

/** The user's own folder: `npm run` changes the working directory and says where it was. */
export const userFolder = process.env['INIT_CWD'] ?? process.cwd();

export interface ExampleFolder {
  readonly name: string;
  readonly folder: string;
  /** What it shows, in one line, from its package.json. */
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

/** The folder that the user named, relative to their own folder or to the project's. @throws {CliError} */
export function findExample(named: string): string {
  const candidates = [resolve(userFolder, named), resolve(root, named)];
  const folder = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isDirectory());
  if (folder) return folder;
  throw new CliError(
    `there is no folder ${named}; "baton examples" lists the examples, which stand under examples/`,
    66,
  );
}
