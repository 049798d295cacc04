/** A state, a branch or the execution failed. Retry and Catch match the error, and the history shows error and cause. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  /** Another name that matches. A missed heartbeat is recorded as States.Timeout, but States.HeartbeatTimeout matches it too. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, cause?: string, alias?: string) {
    super(error);
    this.error = error;
    this.cause = cause;
    this.alias = alias;
  }

  /** Whether the failure ends the execution at once: it is not retried or caught, and only ExecutionFailed records it. */
  get isFatal(): boolean {
    return this.error === 'States.Runtime';
  }
}
