/** A secret that shows a name of itself wherever it would be printed, serialised or compared by accident (L3). */
export abstract class Unprintable {
  readonly #shown: string;

  /** `shown` stands in the secret's place, for example `[TaskToken]`. */
  protected constructor(shown: string) {
    this.#shown = shown;
  }

  toString(): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#shown;
  }
}
