/**
 * Baton's own errors. The name is `Baton.<code>`, which is also the error that a state machine sees (and may name in
 * Retry and Catch) when the dispatcher throws. No message ever holds a token, an output or raw input (L3).
 */
const ERROR_CODES = [
  /** The request is malformed; the message names the field. */
  'InvalidRequest',
  /** Not a well-formed task token. */
  'InvalidToken',
  /** `work.kind` is not one that this platform knows. */
  'UnknownWorkKind',
  /** A newer attempt of the same work has taken over. */
  'Superseded',
  /** SSM does not know the instance, or it is not running and connected, or it has not the tag of the platform's hosts. */
  'HostNotAvailable',
  /** The queue, function or topic that the work names is not there. */
  'TargetNotFound',
  /** Baton may not start the work: IAM refused. */
  'NotAuthorized',
  /** The work could not be started, although it was tried again. */
  'DispatchFailed',
  /** An output over 262,144 bytes as JSON text. */
  'OutputTooLarge',
  /** An output, or work, whose arrays and objects nest deeper than 1,000 levels. */
  'JsonTooDeep',
  /** A report or claim by somebody who does not hold the callback's claim. */
  'NotClaimHolder',
  /** Not a signed link of this platform, or one that was changed. */
  'LinkRefused',
  /** An approver whom nobody would tell: no subscription takes the notice, or it is not confirmed. */
  'ApproverUnreachable',
  /** The partner's endpoint did not take the request, although it was tried again. */
  'WebhookNotDelivered',
  /** The partner's address is not public, and the platform does not allow it: nothing was sent. */
  'WebhookRefused',
  /** The callback does not exist or belongs to another caller; the error does not say which. */
  'Forbidden',
  /** The row changed faster than it could be written. */
  'Contention',
  /** An environment variable is missing or an option is invalid. */
  'Misconfigured',
  /** A worker had to end before its work did. */
  'Interrupted',
  /** A service that Baton depends on did not answer. */
  'Unavailable',
] as const;
export type BatonErrorCode = (typeof ERROR_CODES)[number];

export class BatonError extends Error {
  readonly code: BatonErrorCode;

  constructor(code: BatonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `Baton.${code}`;
    this.code = code;
  }

  /** Returns the error that a row's failure was made from. */
  static of({ error, cause }: { readonly error: string; readonly cause: string }): BatonError {
    const code = ERROR_CODES.find((candidate) => error === `Baton.${candidate}`);
    return new BatonError(code ?? 'DispatchFailed', cause);
  }
}

/** The error names of failures that Baton itself settles tasks with. Workers add their own, e.g. `Baton.JobFailed`. */
export const FailureName = {
  /** SSM says that the command has ended, and no report came. */
  jobLost: 'Baton.JobLost',
  /** The host was stopped or terminated. */
  hostLost: 'Baton.HostLost',
  /** The host's SSM agent runs as many commands as it may, and this one has not had its turn. Another attempt may. */
  hostBusy: 'Baton.HostBusy',
  /** The dispatcher ended between storing the callback and starting the work. */
  dispatchLost: 'Baton.DispatchLost',
  /** Step Functions did not take the output. */
  outputRejected: 'Baton.OutputRejected',
  /** A worker's report on the completions queue is malformed; the cause says what is wrong. */
  invalidReport: 'Baton.InvalidReport',
  /** The work's message was given up by its queue, or its function's invocation by Lambda. */
  deadLettered: 'Baton.DeadLettered',
  /** The approvers have denied; the cause is who said what, as JSON. */
  denied: 'Baton.Denied',
  /** A question did not reach as many approvers as are needed; the cause says whom and why. */
  approverUnreachable: 'Baton.ApproverUnreachable',
  /** An operator stopped the work; the cause says who and why. */
  stoppedByOperator: 'Baton.StoppedByOperator',
  /** Reported by a worker that was told to stop and whose process has ended. */
  stopped: 'Baton.Stopped',
} as const;

/**
 * Returns a name that can be logged: the code of an AWS error, or of a system error (e.g. `ECONNREFUSED`), which fetch
 * wraps in a TypeError.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const system: unknown = error instanceof TypeError ? error.cause : UNNAMED.has(error.name) ? error : undefined;
  const { code } = Object(system) as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

/** Node throws an AggregateError when none of a host's addresses could be reached. */
const UNNAMED = new Set(['Error', 'AggregateError']);

/**
 * Returns what may be logged or shown of an error (L3). Messages of Baton's own errors never contain a token or raw input
 * and are included; of all other errors only the name, because their messages can repeat what was sent.
 */
export const sayable = (error: unknown): { readonly error: string; readonly why?: string } =>
  error instanceof BatonError ? { error: error.name, why: error.message } : { error: errorName(error) };

export function assertNever(value: never): never {
  throw new Error(`a case is missing for ${JSON.stringify(value)}`);
}
