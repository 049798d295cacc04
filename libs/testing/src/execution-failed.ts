/** An execution that did not succeed: what `result()` rejects with. */
export class ExecutionFailed extends Error {
  /** `FAILED`, `TIMED_OUT` or `ABORTED`. */
  readonly status: string;
  /** The error's name, as Retry and Catch see it. */
  readonly error: string | undefined;
  /** As the history has it, often JSON text. */
  override readonly cause: string | undefined;

  constructor(status: string, error: string | undefined, cause: string | undefined) {
    super(
      `the execution ${status}${error === undefined ? '' : ` with ${error}`}${cause === undefined ? '' : `: ${cause}`}`,
    );
    this.name = 'ExecutionFailed';
    this.status = status;
    this.error = error;
    this.cause = cause;
  }
}
