/**
 * Reads a job's stdout as it comes: `::progress {json object}` lines are taken out as progress, everything else is passed through,
 * and the last line that is a JSON object or array is kept as the output that the job may have meant. Numbers, words and true
 * alone on a line are not taken for output: `wc -l` prints those.
 */
import { isProgress, MAX_PROGRESS_BYTES, parseJson } from '@baton/token-lib';
import { lineSplitter } from './line-splitter.ts';
import type { HostLog } from './world.ts';

const PROGRESS = '::progress ';
const MAX_LINE_BYTES = 1_048_576;

export type Progress = Record<string, unknown>;

/** The last JSON line: `too-large` when it looked like JSON and was over a mebibyte. */
export type LastJson =
  { readonly kind: 'none' } | { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'too-large' };

/** Returns undefined where the text after `::progress ` is not a JSON object of at most 4,096 bytes. */
export function parseProgress(line: string): Progress | undefined {
  const text = line.slice(PROGRESS.length);
  const value = Buffer.byteLength(text) <= MAX_PROGRESS_BYTES ? parseContainer(text) : undefined;
  return isObject(value) && isProgress(value) ? value : undefined;
}

const isObject = (value: unknown): value is Progress =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a JSON object or array, else undefined. */
export function parseContainer(line: string): unknown {
  const text = line.trim();
  if (!(text.startsWith('{') && text.endsWith('}')) && !(text.startsWith('[') && text.endsWith(']'))) return undefined;
  return parseJson(text);
}

export interface StdoutReader {
  /** Takes bytes of the job, gives the bytes to pass through. */
  push(chunk: Buffer): Buffer;
  end(): Buffer;
  lastJson(): LastJson;
}

export function stdoutReader(onProgress: (progress: Progress) => void, log: HostLog): StdoutReader {
  let through: Buffer[] = [];
  let lastJson: LastJson = { kind: 'none' };
  let warned = false;

  function takesProgress(text: string): boolean {
    const progress = parseProgress(text);
    if (progress !== undefined) onProgress(progress);
    else if (!warned) {
      log(
        `a line "::progress" without a JSON object of at most ${MAX_PROGRESS_BYTES} bytes is no progress; passed through`,
      );
      warned = true;
    }
    return progress !== undefined;
  }

  const splitter = lineSplitter(MAX_LINE_BYTES, {
    line(bytes) {
      const text = bytes.toString('utf8');
      if (text.startsWith(PROGRESS) && takesProgress(text)) return;
      through.push(bytes);
      const value = parseContainer(text);
      if (value !== undefined) lastJson = { kind: 'value', value };
    },
    piece: (bytes) => through.push(bytes),
    longLineEnded(first, last) {
      if ((first === '{' && last === '}') || (first === '[' && last === ']')) lastJson = { kind: 'too-large' };
    },
  });

  function passed(): Buffer {
    const bytes = Buffer.concat(through);
    through = [];
    return bytes;
  }

  return {
    push(chunk) {
      splitter.push(chunk);
      return passed();
    },
    end() {
      splitter.end();
      return passed();
    },
    lastJson: () => lastJson,
  };
}
