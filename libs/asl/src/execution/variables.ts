import type { Json } from '../protocol.ts';

type Values = Readonly<Record<string, Json>>;

/** The variables of a branch. It can read those of the branches around it, but assigns only its own (A6). */
export class Variables {
  readonly #outer: Variables | undefined;
  #own: Values | undefined;

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  get(name: string): Json | undefined {
    if (this.#own && Object.hasOwn(this.#own, name)) return this.#own[name];
    return this.#outer?.get(name);
  }

  assign(values: Values): void {
    this.#own = { ...this.#own, ...values };
  }

  /** Returns all variables in scope. An inner one hides an outer one of the same name. */
  all(): Values {
    return { ...this.#outer?.all(), ...this.#own };
  }
}
