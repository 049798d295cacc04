import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type TaskToken, revealTaskToken } from './task-token.ts';

/** Crockford's base32: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;

/** The public name of a callback. It cannot be guessed, does not lead back to the token, and grants nothing by itself (work-secret.ts). */
export const CallbackId = z.string().check(z.regex(/^[0-9a-hjkmnp-tv-z]{26}$/, { error: 'not a callbackId' }));
export type CallbackId = z.infer<typeof CallbackId>;

/**
 * Returns the id for a token: the first 130 bits of its SHA-256. The same token always has the same id, so a repeated
 * dispatch finds its own row.
 */
export function callbackIdOf(token: TaskToken): CallbackId {
  const digest = createHash('sha256').update(revealTaskToken(token)).digest('hex');
  const bits = BigInt(`0x${digest}`) >> BigInt(256 - LENGTH * 5);
  let id = '';
  for (let index = LENGTH - 1; index >= 0; index--) id += ALPHABET.charAt(Number((bits >> BigInt(index * 5)) & 31n));
  return id;
}
