import type { Json } from '../protocol.ts';

type Values = Readonly<Record<string, Json>>;

/** The variables of a branch. It sees those of the branches around it, and assigns only its own. */
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

  /** All that are in scope, inner before outer. */
  all(): Values {
    return { ...this.#outer?.all(), ...this.#own };
  }
}
