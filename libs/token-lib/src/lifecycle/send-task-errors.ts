/**
 * The one table of what SendTask* may answer (DESIGN, "SendTask* error"). By name: AWS texts can repeat the token (L3),
 * so none is kept.
 */
import { errorName } from '../wire/errors.ts';

export type SendTaskRefusal = {
  /**
   * `gone`: the task is no more, or has its outcome. `rejected`: Step Functions will never take this. `denied`: not
   * until somebody repairs permissions or the key. `transient`: try again.
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
