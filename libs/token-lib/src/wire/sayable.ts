import { BatonError } from '../errors.ts';
import { errorName } from '../send-task-errors.ts';

/**
 * What may be said of an error, to a log or to a caller (L3): Baton's own errors never show a token or raw input, and
 * are said in full; of all others the name alone, for their texts can repeat what was sent.
 */
export const sayable = (error: unknown): { readonly error: string; readonly why?: string } =>
  error instanceof BatonError ? { error: error.name, why: error.message } : { error: errorName(error) };
