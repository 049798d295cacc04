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
  /** Step Functions refused the request itself, so that the outcome cannot have been taken. Absent where nobody knows. */
  readonly notTaken?: true;
};

/** What Step Functions said to a SendTask* call. */
export type TaskAnswer = { readonly answer: 'accepted' } | SendTaskRefusal;

const GONE = new Set(['TaskTimedOut', 'TaskDoesNotExist']);
const REJECTED = new Set(['InvalidToken', 'InvalidOutput', 'ValidationException']);

export function classifySendTaskError(error: unknown): SendTaskRefusal {
  const name = errorName(error);
  const answer = classOf(name);
  return { answer, error: name, ...((answer === 'denied' || isThrottle(name)) && { notTaken: true }) };
}

/** [documented: AWS SDK, "Throttling error codes"] */
const isThrottle = (name: string): boolean => /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(name);

function classOf(name: string): SendTaskRefusal['answer'] {
  if (GONE.has(name)) return 'gone';
  if (REJECTED.has(name)) return 'rejected';
  if (name.startsWith('AccessDenied')) return 'denied';
  if (name.startsWith('Kms') && !name.includes('Throttl')) return 'denied';
  return 'transient';
}
