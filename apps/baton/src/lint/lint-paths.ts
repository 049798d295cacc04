import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type MachineType, readDocument } from './document.ts';
import { JsonProblem } from './json-tree.ts';
import { inputProblem, lintText, type LintResult, looksLikeDefinition, merge } from './lint-text.ts';

export interface LintSettings {
  /** Paths are given and shown relative to it. */
  readonly folder: string;
  /** The type of the machines of definition files; plans say it themselves. */
  readonly type?: MachineType | undefined;
}

/** Lints files and folders. What cannot be read is a problem of its own and does not keep the rest from being read. */
export const lintPaths = (paths: readonly string[], settings: LintSettings): LintResult =>
  merge(paths.map((path) => lintPath(path, settings)));

function lintPath(path: string, settings: LintSettings): LintResult {
  const full = resolve(settings.folder, path);
  try {
    if (!statSync(full).isDirectory()) return lintFile(full, settings);
    const files = definitionFiles(full);
    if (files.length > 0) return merge(files.map((file) => lintFile(file, settings)));
    return inputProblem(66, `${path} holds no definition: neither *.asl.json nor other *.json with StartAt and States`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return inputProblem(66, `there is no file or folder ${path}`);
    return inputProblem(66, `${path} cannot be read: ${error.message}`);
  }
}

function lintFile(path: string, { folder, type }: LintSettings): LintResult {
  const file = relative(folder, path).split(sep).join('/');
  return lintText({ file, text: readFileSync(path, 'utf8'), type });
}

/** Definitions by their name, or by what they hold; nothing in hidden folders and node_modules. */
function definitionFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => filesOf(entry, join(folder, entry.name)));
}

function filesOf(entry: Dirent, path: string): readonly string[] {
  if (entry.isDirectory()) return /^\.|^node_modules$/.test(entry.name) ? [] : definitionFiles(path);
  if (!entry.isFile()) return [];
  if (/\.asl\.json(?:\.tftpl)?$/.test(entry.name)) return [path];
  return entry.name.endsWith('.json') && holdsDefinition(path) ? [path] : [];
}

/** Any other JSON file may be anything: one that cannot be read is no definition. */
function holdsDefinition(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  if (!text.includes('"StartAt"') || !text.includes('"States"')) return false;
  try {
    return looksLikeDefinition(readDocument({ file: path, text }).root);
  } catch (error) {
    if (error instanceof JsonProblem) return false;
    throw error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;
