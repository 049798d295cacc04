/** The error names that the interpreter itself uses. */
export type ReservedError =
  | 'States.BranchFailed'
  | 'States.DataLimitExceeded'
  | 'States.ExceedToleratedFailureThreshold'
  | 'States.IntrinsicFailure'
  | 'States.ItemReaderFailed'
  | 'States.ParameterPathFailure'
  | 'States.QueryEvaluationError'
  | 'States.ReferencePathConflict'
  | 'States.Runtime'
  | 'States.TaskFailed'
  | 'States.Timeout';

/** A field that could not be evaluated. The state that it belongs to makes a StateFailure of it, with its name and event id. */
export class DataFailure extends Error {
  override readonly name = 'DataFailure';
  readonly error: ReservedError;
  /** The path of a JSONata field, e.g. `Output/total`; given, or null for the state as a whole, the history tells of the failed evaluation. */
  readonly location: string | null | undefined;

  constructor(error: ReservedError, message: string, location?: string | null) {
    super(message);
    this.error = error;
    this.location = location;
  }
}
