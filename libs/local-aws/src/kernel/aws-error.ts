/** A refusal in AWS's own words. Every service throws it; the wire protocol in front turns it into bytes. */
export class AwsError extends Error {
  /** The error code as AWS spells it, e.g. `ExecutionDoesNotExist`. */
  readonly code: string;
  /** HTTP status of the answer: 400 where AWS blames the caller, 5xx where it blames itself. */
  readonly status: number;
  /** Further members of the answer's body, e.g. `reason` of a ValidationException. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}
