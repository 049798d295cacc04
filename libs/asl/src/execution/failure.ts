/** What a state, a branch or the execution failed with: the names go to Retry, Catch and the history. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  /** A lost heartbeat is written as States.Timeout, but States.HeartbeatTimeout matches it too. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, cause?: string, alias?: string) {
    super(error);
    this.error = error;
    this.cause = cause;
    this.alias = alias;
  }

  /** Ends the execution at once: never retried, never caught, and no event but the execution's end tells of it. */
  get isFatal(): boolean {
    return this.error === 'States.Runtime';
  }
}
