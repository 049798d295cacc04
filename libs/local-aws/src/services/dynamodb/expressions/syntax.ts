import type { AttributeValue } from '../attribute-value.ts';

/** A document path: names of map members and indexes of list members, e.g. `['a', 0, 'b']` for `a[0].b`. */
export type Path = readonly (string | number)[];

/** Returns a path as AWS writes it in a refusal, e.g. `[a, [0], b]`. */
export const pathText = (path: Path): string =>
  `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;

/** What an operand is made of as written: `#name` and `:value` stand for themselves. */
export interface Written {
  readonly path: Path;
  readonly value: string;
}

/** What it is made of once names and values are put in. */
export interface Bound {
  readonly path: Path;
  readonly value: AttributeValue;
}

export type Operand<F extends Written | Bound> =
  | { readonly kind: 'path'; readonly path: F['path'] }
  | { readonly kind: 'value'; readonly value: F['value'] }
  | Call<F>;

export interface Call<F extends Written | Bound> {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Operand<F>[];
}

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A condition without AND, OR and NOT. */
export type Leaf<F extends Written | Bound> =
  | { readonly kind: 'comparison'; readonly operator: Comparator; readonly operands: readonly Operand<F>[] }
  | { readonly kind: 'between'; readonly operands: readonly Operand<F>[] }
  | { readonly kind: 'in'; readonly operands: readonly Operand<F>[] }
  | Call<F>;

export type Condition<F extends Written | Bound> =
  | Leaf<F>
  | { readonly kind: 'and'; readonly conditions: readonly [Condition<F>, Condition<F>] }
  | { readonly kind: 'or'; readonly conditions: readonly [Condition<F>, Condition<F>] }
  | { readonly kind: 'not'; readonly condition: Condition<F> };

export type Section = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

/** One change of an update expression. `+` and `-` of SET are calls of functions with these names. */
export type Change<F extends Written | Bound> =
  | { readonly section: 'SET'; readonly path: F['path']; readonly operand: Operand<F> }
  | { readonly section: 'REMOVE'; readonly path: F['path'] }
  | { readonly section: 'ADD' | 'DELETE'; readonly path: F['path']; readonly value: F['value'] };

/** Thrown for an expression that is refused; the message is AWS's, without the name of the expression before it. */
export class ExpressionProblem extends Error {}
