/** One finding in a definition, as ValidateStateMachineDefinition gives it. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** A path into the definition, e.g. `/States/Wait/Timestamp`; empty where it is about no place in it. */
  readonly location: string;
}
