import * as z from 'zod/mini';
import { BatonError } from './errors.ts';
import { jsonText } from './json-text.ts';
import { MAX_CAUSE_CHARACTERS, MAX_ERROR_CHARACTERS, MAX_OUTPUT_BYTES } from './limits.ts';

export interface Success {
  readonly type: 'success';
  /** JSON text, so that it is measured, compared and told as it was stored. */
  readonly output: string;
}
export interface Failure {
  readonly type: 'failure';
  readonly error: string;
  readonly cause: string;
}
/** The result of a task. */
export type Outcome = Success | Failure;
/** As stored: fields that this release does not know are kept. */
export const Outcome: z.ZodMiniType<Outcome> = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('success'), output: z.string() }),
  z.looseObject({ type: z.literal('failure'), error: z.string(), cause: z.string() }),
]);

/**
 * Returns a success with the value as JSON text.
 *
 * @throws {BatonError} `InvalidRequest` for a value that JSON cannot represent
 * @throws {BatonError} `OutputTooLarge`, `JsonTooDeep`
 */
export function success(value: unknown): Outcome {
  const output = jsonText(value, 'output');
  if (output === undefined)
    throw new BatonError('InvalidRequest', 'output is missing: it must be a JSON value, null at the least');
  const bytes = Buffer.byteLength(output, 'utf8');
  if (bytes > MAX_OUTPUT_BYTES) {
    throw new BatonError(
      'OutputTooLarge',
      `the output has ${bytes} bytes, and Step Functions takes ${MAX_OUTPUT_BYTES}: store it elsewhere and report where`,
    );
  }
  return { type: 'success', output };
}

/** Returns a failure. The error name is required, because Retry and Catch match it; long texts are cut to the limits. */
export function failure(error: string, cause: string): Failure {
  return { type: 'failure', error: cut(error, MAX_ERROR_CHARACTERS), cause: cut(cause, MAX_CAUSE_CHARACTERS) };
}

export const sameOutcome = (a: Outcome, b: Outcome): boolean =>
  a.type === 'success' ? b.type === 'success' && a.output === b.output : sameFailure(a, b);

const sameFailure = (a: Failure, b: Outcome): boolean =>
  b.type === 'failure' && a.error === b.error && a.cause === b.cause;

/** Cuts by code points, never inside a surrogate pair. Lone surrogates, which UTF-8 cannot encode, become U+FFFD. */
function cut(text: string, max: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= max) return whole;
  return [...whole].slice(0, max).join('');
}
