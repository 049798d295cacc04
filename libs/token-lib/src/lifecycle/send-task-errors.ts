/**
 * Classifies the errors of SendTask*. Only names are kept, because AWS's messages can repeat the token (L3).
 */
import { errorName } from '../wire/errors.ts';

export type SendTaskRefusal = {
  /**
   * `gone`: the task has ended or already has an outcome. `rejected`: Step Functions will never accept this. `denied`:
   * permissions or the key must be repaired first. `transient`: try again.
   */
  readonly answer: 'gone' | 'rejected' | 'denied' | 'transient';
  /** The error's name. */
  readonly error: string;
};

/** What Step Functions said to a SendTask* call. */
export type TaskAnswer = { readonly answer: 'accepted' } | SendTaskRefusal;

const GONE = new Set(['TaskTimedOut', 'TaskDoesNotExist']);
const REJECTED = new Set(['InvalidToken', 'InvalidOutput', 'ValidationException']);

export function classifySendTaskError(error: unknown): SendTaskRefusal {
  const name = errorName(error);
  return { answer: classOf(name), error: name };
}

function classOf(name: string): SendTaskRefusal['answer'] {
  if (GONE.has(name)) return 'gone';
  if (REJECTED.has(name)) return 'rejected';
  if (name.startsWith('AccessDenied')) return 'denied';
  if (name.startsWith('Kms') && !name.includes('Throttl')) return 'denied';
  return 'transient';
}
