/**
 * The one table of what SendTask* may answer (DESIGN, "SendTask* error"). By name: AWS texts can repeat the token (L3),
 * so none is kept.
 */
export type SendTaskRefusal = {
  /**
   * `gone`: the task is no more, or has its outcome. `rejected`: Step Functions will never take this. `denied`: not
   * until somebody repairs permissions or the key. `transient`: try again.
   */
  readonly answer: 'gone' | 'rejected' | 'denied' | 'transient';
  /** The error's name. */
  readonly error: string;
};

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

/**
 * Returns the name of an error that says no more than what happened: of AWS's errors the code, of the system's (a socket's, as they
 * are or as the cause of fetch's TypeError) theirs, e.g. `ECONNREFUSED`.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const system: unknown = error instanceof TypeError ? error.cause : UNNAMED.has(error.name) ? error : undefined;
  const { code } = Object(system) as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

/** Several addresses of a host that were tried in vain are an AggregateError. */
const UNNAMED = new Set(['Error', 'AggregateError']);
