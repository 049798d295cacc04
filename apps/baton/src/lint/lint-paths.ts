import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { MachineType } from './document.ts';
import {
  inputProblem,
  lintBytes,
  lintReading,
  type LintResult,
  merge,
  type LintTools,
  readingOf,
  textOfBytes,
} from './lint-text.ts';
import type { HclParser } from './read/hcl-parser.ts';
import { isNamedDefinition, isSystemError, scanFolder } from './scan-folder.ts';

export interface LintSettings {
  /** Paths are relative to this folder, both in arguments and in output. */
  readonly folder: string;
  /** The type of the machines in definition files; what declares a machine says its own. */
  readonly type?: MachineType | undefined;
  /** Needed for files of Terraform's language. */
  readonly hcl?: HclParser | undefined;
  /** Whether a file that declares no state machine is passed over, also where it is named. */
  readonly skipOthers?: boolean;
}

/** Lints files and folders. A file that cannot be read is reported, and the rest is linted nevertheless. */
export const lintPaths = (paths: readonly string[], settings: LintSettings): LintResult =>
  merge(paths.map((path) => lintPath(path, settings)));

function lintPath(path: string, settings: LintSettings): LintResult {
  const full = resolve(settings.folder, path);
  if (!isFolder(full)) {
    return settings.skipOthers && !isNamedDefinition(full) ? lintCandidate(full, settings) : lintFile(full, settings);
  }
  const result = lintFolder(full, settings);
  if (result.read.length > 0 || result.problems.length > 0) return result;
  return { ...inputProblem(66, `${path} holds no definition: ${FORMS}`), skipped: result.skipped };
}

const FORMS =
  'no *.asl.json or *.asl.yaml, no JSON or YAML with StartAt and States, and no template or *.tf that declares a state machine';

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** Templates come first: a definition that one of them names is linted as it is used there, and only there. */
function lintFolder(folder: string, settings: LintSettings): LintResult {
  const { files, skipped } = scanFolder(folder);
  const nameOf = (path: string): string => shown(path, settings);
  const declaring = files.filter((path) => !isNamedDefinition(path)).map((path) => lintCandidate(path, settings));
  const used = new Set(declaring.flatMap(({ read }) => read.slice(1).map(({ file }) => file)));
  const named = files
    .filter((path) => isNamedDefinition(path) && !used.has(nameOf(path)))
    .map((path) => lintFile(path, settings));
  const result = merge([...declaring.filter(({ read: [own] }) => own === undefined || !used.has(own.file)), ...named]);
  const order = new Map(files.map((path, index) => [nameOf(path), index]));
  const inOrder = <T extends { readonly file: string }>(list: readonly T[]): readonly T[] =>
    [...list].sort((one, other) => (order.get(one.file) ?? 0) - (order.get(other.file) ?? 0));
  const passedOver = result.skipped.filter(({ file }) => !used.has(file));
  return {
    ...result,
    findings: inOrder(result.findings),
    read: inOrder(result.read),
    skipped: [...skipped.map(({ path, reason }) => ({ file: nameOf(path), reason })), ...passedOver],
  };
}

/** A file of any name: it may have nothing to do with state machines, and need not even be what its name says. */
function lintCandidate(path: string, settings: LintSettings): LintResult {
  const file = shown(path, settings);
  const skip = (reason: string): LintResult => ({ ...merge([]), skipped: [{ file, reason }] });
  const bytes = bytesOf(path, file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const text = textOfBytes(bytes);
  if (text === undefined) return skip('not UTF-8');
  if (!MENTIONS.test(text)) return skip('declares no state machine');
  const reading = readingOf({ file, type: settings.type, text }, toolsOf(settings));
  if (reading === undefined) return skip('declares no state machine');
  if ('exitCode' in reading) return skip(reading.message.replace(`${file}:`, ''));
  if (reading.machines.length === 0) return skip('declares no state machine');
  return lintReading(reading, toolsOf(settings));
}

/** What a file must hold for a closer look. */
const MENTIONS = /StartAt|StateMachine|state_machine|stepFunctions|step-functions/;

function lintFile(path: string, settings: LintSettings): LintResult {
  const file = shown(path, settings);
  const bytes = bytesOf(path, file);
  return bytes instanceof Uint8Array ? lintBytes({ file, type: settings.type }, bytes, toolsOf(settings)) : bytes;
}

const shown = (path: string, { folder }: LintSettings): string => relative(folder, path).split(sep).join('/');

function bytesOf(path: string, file: string): Uint8Array | LintResult {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return inputProblem(66, `there is no file or folder ${file}`);
    return inputProblem(66, `${file} cannot be read: ${error.message}`);
  }
}

/** Reads what a declaration names by its path from it, and the rest of a module. */
const toolsOf = (settings: LintSettings): LintTools => ({
  hcl: settings.hcl,
  readBeside(file, path) {
    const full = join(settings.folder, dirname(file), path);
    const bytes = bytesOf(full, path);
    return bytes instanceof Uint8Array ? { file: shown(full, settings), bytes } : undefined;
  },
  moduleOf(file) {
    const own = resolve(settings.folder, file);
    return readdirSync(dirname(own))
      .filter((name) => name.endsWith('.tf'))
      .map((name) => join(dirname(own), name))
      .filter((path) => path !== own)
      .flatMap((path) => {
        const bytes = bytesOf(path, path);
        const text = bytes instanceof Uint8Array ? textOfBytes(bytes) : undefined;
        return text !== undefined && /\blocals\b|template_file/.test(text)
          ? [{ file: shown(path, settings), text }]
          : [];
      });
  },
});

/** @returns whether Terraform's language is to be read: its parser is loaded only then */
export const holdTerraform = (paths: readonly string[], { folder }: LintSettings): boolean =>
  paths.some((path) => {
    const full = resolve(folder, path);
    return path.endsWith('.tf') || (isFolder(full) && scanFolder(full).files.some((file) => file.endsWith('.tf')));
  });
