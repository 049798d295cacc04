/** What is wrong with a value of a definition, found by the readers of paths, templates and expressions. */
export class DefinitionProblem extends Error {
  override readonly name = 'DefinitionProblem';
  readonly code: string;
  /** The place inside the value, e.g. `/total` or `[0]/name`. */
  readonly place: string;

  constructor(message: string, code = 'SCHEMA_VALIDATION_FAILED', place = '') {
    super(message);
    this.code = code;
    this.place = place;
  }
}

/** Takes a problem down, so that reading may go on and find the next one. */
export type Note = (problem: DefinitionProblem) => void;
