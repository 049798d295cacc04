import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { BatonError, type BatonErrorCode } from './errors.ts';

z.config(en());

const MAX_ISSUES = 5;
/** Messages name fields, and whoever puts a token where a field's name belongs must not find it in the message (L3). */
const TOO_LONG = /[A-Za-z0-9+/=]{100,}/g;

/**
 * Parses a value by a schema.
 *
 * @throws {BatonError} with `code`; the message names each invalid field by its path and says what was expected, never
 *   what was received
 */
export function parse<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  code: BatonErrorCode = 'InvalidRequest',
): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_ISSUES).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw new BatonError(code, issues.join('; ').replace(TOO_LONG, '…'));
}

/** Returns undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
