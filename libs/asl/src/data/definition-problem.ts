/** A path, template or expression of a definition is invalid. */
export class DefinitionProblem extends Error {
  override readonly name = 'DefinitionProblem';
  readonly code: string;
  /** Where in the value, e.g. `/total` or `[0]/name`. */
  readonly place: string;

  constructor(message: string, code = 'SCHEMA_VALIDATION_FAILED', place = '') {
    super(message);
    this.code = code;
    this.place = place;
  }
}

/** Collects a problem, so that parsing can continue and find the next one. */
export type Note = (problem: DefinitionProblem) => void;
