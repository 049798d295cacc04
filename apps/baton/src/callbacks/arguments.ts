/** Parses the arguments of the command line. An invalid id is never repeated in an error: it may be a task token (L3). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  BatonError,
  CallbackId,
  failure,
  MAX_CAUSE_CHARACTERS,
  MAX_ERROR_CHARACTERS,
  type Outcome,
  success,
} from '@baton/token-lib';
import { CliError } from '../terminal.ts';
import { parseDuration } from './format.ts';

const MAX_REASON_CHARACTERS = 1_000;
const MAX_WHO_CHARACTERS = 200;

export function parseCallbackId(text: string): CallbackId {
  const id = CallbackId.safeParse(text);
  if (id.success) return id.data;
  throw new CliError(
    `not a callback id (${text.length} characters): an id has 26 characters, of 0-9 and a-z without i, l, o and u, ` +
      'e.g. 4q9x0c2h7r6m8k1vtznbwd5s3e; "baton callbacks list" shows them',
  );
}

export function parseOlderThan(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new CliError(`--older-than "${text}" is not a length of time: give a number with s, m, h or d, e.g. 15m`);
}

export function parseHost(text: string): string {
  if (/^m?i-[0-9a-zA-Z]{1,40}$/.test(text)) return text;
  throw new CliError(`--host "${text}" is not an instance id: give one like i-0123456789abcdef0`);
}

/** Parses an ARN, or the name at its end. */
export function parseExecution(text: string): string {
  const form = text.startsWith('arn:') ? /^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/ : /^[^\s:]{1,80}$/;
  if (form.test(text)) return text;
  throw new CliError(
    '--execution is neither the ARN of an execution (arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME) nor a name',
  );
}

export function parseTable(text: string): string {
  if (/^[\w.-]{3,255}$/.test(text)) return text;
  throw new CliError(`--table "${text}" is not the name of a DynamoDB table: give 3 to 255 letters, digits and _ . -`);
}

export function parseEndpoint(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new CliError(`--endpoint "${text}" is not a URL: give one like http://127.0.0.1:4577`);
}

export const parseReason = (text: string): string => someText('--reason', text, MAX_REASON_CHARACTERS);
export const parseWho = (text: string): string => someText('--as', text, MAX_WHO_CHARACTERS);

function someText(option: string, text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new CliError(`${option} is empty: give a few words, which are kept with the outcome`);
  if (trimmed.length > most) throw new CliError(`${option} has ${trimmed.length} characters: at most ${most} are kept`);
  return trimmed;
}

/** Parses `{"rows": 3}`, or `@file` for the contents of a file. */
export function parseOutput(text: string, folder: string): Outcome {
  const file = text.startsWith('@') ? text.slice(1) : undefined;
  const what = file === undefined ? '--output' : `the file ${file}`;
  const value = parseJson(file === undefined ? text : readText(resolve(folder, file), file), what);
  try {
    return success(value);
  } catch (error) {
    throw error instanceof BatonError ? new CliError(`${what}: ${error.message}`, 65) : error;
  }
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new CliError(code === 'ENOENT' ? `there is no file ${file}` : `the file ${file} cannot be read: ${code}`, 66);
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message;
    throw new CliError(`${what} is not JSON (a text needs its quotes: '"done"'): ${why}`, 65);
  }
}

/** @throws {CliError} for a name that only Step Functions may use */
export function parseFailure(error: string, cause: string): Outcome {
  if (error.trim() === '')
    throw new CliError('--error is empty: give the name that Retry and Catch match, e.g. Disk.Full');
  if (error.startsWith('States.')) {
    throw new CliError(
      '--error begins with "States.", which Step Functions keeps for its own errors: choose another name',
    );
  }
  if (error.length > MAX_ERROR_CHARACTERS) {
    throw new CliError(`--error has ${error.length} characters: Step Functions takes ${MAX_ERROR_CHARACTERS}`);
  }
  if (cause.length > MAX_CAUSE_CHARACTERS) {
    throw new CliError(`--cause has ${cause.length} characters: Step Functions takes ${MAX_CAUSE_CHARACTERS}`);
  }
  return failure(error, cause);
}
