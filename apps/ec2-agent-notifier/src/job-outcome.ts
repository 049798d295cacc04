/** Turns the end of a job, and what it left behind, into its report. Pure. */
import { BatonError, MAX_OUTPUT_BYTES, success } from '@baton/token-lib';
import { messageOf } from './exit-codes.ts';
import type { LastJson } from './job-stdout.ts';
import { failed, type JobReport } from './marker.ts';

export type JobEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stderrTail: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly stderrTail: string }
  | { readonly kind: 'not-started'; readonly error: string; readonly cause: string };

/** What the job wrote into the file named by BATON_OUTPUT_FILE. An empty file is none. */
export type OutputFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' }
  /** `why` continues a sentence about the file, e.g. `is a folder`. */
  | { readonly kind: 'unreadable'; readonly why: string };

const FILE = 'the file named by BATON_OUTPUT_FILE';

export function reportOf(end: JobEnd, file: OutputFile, lastJson: LastJson): JobReport {
  switch (end.kind) {
    case 'not-started':
      return failed(end.error, end.cause);
    case 'killed':
      return failed('Baton.JobKilled', `The job was killed by ${end.signal}.${tail(end.stderrTail)}`);
    case 'exited':
      if (end.code !== 0)
        return failed('Baton.JobFailed', `The job exited with code ${end.code}.${tail(end.stderrTail)}`);
      return successOf(file, lastJson);
  }
}

/** The file wins over stdout; with neither the output is null. */
function successOf(file: OutputFile, lastJson: LastJson): JobReport {
  switch (file.kind) {
    case 'too-large':
      return tooLarge(FILE);
    case 'unreadable':
      return failed('Baton.InvalidOutput', `The output, ${FILE}, ${file.why}.`);
    case 'text':
      return outputOf(file.text);
    case 'none':
      break;
  }
  switch (lastJson.kind) {
    case 'too-large':
      return tooLarge('the last JSON line of stdout');
    case 'value':
      return withinLimit(lastJson.value, 'the last JSON line of stdout');
    case 'none':
      return { kind: 'success', output: null };
  }
}

function outputOf(text: string): JobReport {
  let output: unknown;
  try {
    output = JSON.parse(text);
  } catch (error) {
    return failed('Baton.InvalidOutput', `The file named by BATON_OUTPUT_FILE is not JSON: ${messageOf(error)}`);
  }
  return withinLimit(output, FILE);
}

function withinLimit(output: unknown, where: string): JobReport {
  try {
    success(output);
    return { kind: 'success', output };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    return error.code === 'OutputTooLarge' ? tooLarge(where) : failed(error.name, `From ${where}: ${error.message}.`);
  }
}

function tooLarge(where: string): JobReport {
  const advice = 'Write the result to S3 and return its address.';
  return failed(
    'Baton.OutputTooLarge',
    `The output (${where}) is over ${MAX_OUTPUT_BYTES} bytes, the limit of Step Functions. ${advice}`,
  );
}

function tail(stderrTail: string): string {
  return stderrTail === '' ? ' It wrote nothing to stderr.' : ` The end of its stderr:\n${stderrTail}`;
}

/** Returns the last `maxBytes` of a text, from the beginning of a line where there is one. */
export function lastLines(bytes: Buffer, maxBytes: number): string {
  if (bytes.length <= maxBytes) return bytes.toString('utf8').trimEnd();
  const kept = bytes.subarray(bytes.length - maxBytes);
  const newline = kept.subarray(0, -1).indexOf(0x0a);
  // There is no line to begin at; skip the continuation bytes of a character that was cut.
  const from = newline === -1 ? kept.findIndex((byte) => (byte & 0xc0) !== 0x80) : newline + 1;
  return kept.subarray(Math.max(0, from)).toString('utf8').trimEnd();
}
