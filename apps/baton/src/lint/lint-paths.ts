import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type MachineType, readDocument } from './document.ts';
import { JsonProblem } from './json-tree.ts';
import { inputProblem, lintBytes, type LintResult, looksLikeDefinition, merge } from './lint-text.ts';

export interface LintSettings {
  /** Paths are relative to this folder, both in arguments and in output. */
  readonly folder: string;
  /** The type of the machines in definition files; a plan names its own. */
  readonly type?: MachineType | undefined;
}

/** Lints files and folders. A file that cannot be read is reported, and the rest is linted nevertheless. */
export const lintPaths = (paths: readonly string[], settings: LintSettings): LintResult =>
  merge(paths.map((path) => lintPath(path, settings)));

function lintPath(path: string, settings: LintSettings): LintResult {
  const full = resolve(settings.folder, path);
  if (unlessUnreadable(() => statSync(full))?.isDirectory() !== true) return lintFile(full, settings);
  const files = definitionFiles(full);
  if (files.length > 0) return merge(files.map((file) => lintFile(file, settings)));
  return inputProblem(
    66,
    `${path} holds no definition: neither *.asl.json nor other *.json with StartAt and States (YAML is not read)`,
  );
}

function lintFile(path: string, { folder, type }: LintSettings): LintResult {
  const file = relative(folder, path).split(sep).join('/');
  try {
    return lintBytes({ file, type }, readFileSync(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return inputProblem(66, `there is no file or folder ${file}`);
    return inputProblem(66, `${file} cannot be read: ${error.message}`);
  }
}

/**
 * Returns definitions, recognised by name or content; hidden folders and node_modules are skipped. A folder that cannot be listed is returned
 * too: reading it says why.
 */
function definitionFiles(folder: string): readonly string[] {
  const entries = unlessUnreadable(() => readdirSync(folder, { withFileTypes: true }));
  if (entries === undefined) return [folder];
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => filesOf(entry, join(folder, entry.name)));
}

function filesOf(entry: Dirent, path: string): readonly string[] {
  if (entry.isDirectory()) return /^\.|^node_modules$/.test(entry.name) ? [] : definitionFiles(path);
  if (!entry.isFile()) return [];
  if (/\.asl\.json(?:\.tftpl)?$/.test(entry.name)) return [path];
  return entry.name.endsWith('.json') && holdsDefinition(path) ? [path] : [];
}

/** Another JSON file may be anything: one that is not valid JSON is not a definition. */
function holdsDefinition(path: string): boolean {
  const text = unlessUnreadable(() => readFileSync(path, 'utf8'));
  if (text === undefined) return true;
  if (!text.includes('"StartAt"') || !text.includes('"States"')) return false;
  try {
    return looksLikeDefinition(readDocument({ file: path, text }).root);
  } catch (error) {
    if (error instanceof JsonProblem) return false;
    throw error;
  }
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** Errors of permissions and disks, and files too long for a string. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error;
