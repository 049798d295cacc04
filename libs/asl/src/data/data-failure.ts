/** The error names that Step Functions itself raises. */
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

/** A field could not be evaluated. The state turns this into a StateFailure that also gives the state's name and event id. */
export class DataFailure extends Error {
  override readonly name = 'DataFailure';
  readonly error: ReservedError;
  /**
   * The field whose evaluation failed, e.g. `Output/total`, or null for the whole state: the history then has an
   * EvaluationFailed event. undefined when it has none, as for JSONPath.
   */
  readonly location: string | null | undefined;

  constructor(error: ReservedError, message: string, location?: string | null) {
    super(message);
    this.error = error;
    this.location = location;
  }
}
