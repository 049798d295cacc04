import { OPERATORS, type Operator, type Test } from './operators.ts';
import type { Resolve } from './pattern.ts';

/** A key's value in a request. A key that can have many values has a list, even of one. */
export type ContextValue = string | readonly string[];

/** The values of a request by their keys, in small letters: the names of keys know no case. */
export type Context = (key: string) => ContextValue | undefined;

/** One line of a Condition block. */
export interface Condition {
  /** As the policy spells it, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As the policy spells it. */
  readonly key: string;
  holds(context: Context, resolve: Resolve): boolean;
}

const NAME = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

/** Undefined for an operator that does not exist. */
export function compileCondition(
  operator: string,
  key: string,
  expected: readonly string[],
  version2012: boolean,
): Condition | undefined {
  const [, set, name = '', ifExists] = NAME.exec(operator) ?? [];
  const lower = key.toLowerCase();
  if (name === 'Null') {
    if (set !== undefined || ifExists !== undefined) return undefined;
    return { operator, key, holds: (context) => isNull(context(lower), expected) };
  }
  const found = OPERATORS.get(name);
  if (found === undefined) return undefined;
  const matchesOne = oneOf(found, expected, version2012);
  const holds = set === undefined ? single(matchesOne, ifExists !== undefined || found.negated) : many(matchesOne, set);
  return { operator, key, holds: (context, resolve) => holds(context(lower), resolve) };
}

/** Several values of a policy are alternatives; of a negated operator none may match. */
function oneOf({ compile, negated }: Operator, expected: readonly string[], version2012: boolean): Test {
  const tests = expected.map((value) => compile(value, version2012));
  return (value, resolve) => tests.some((test) => test(value, resolve)) !== negated;
}

type Holds = (value: ContextValue | undefined, resolve: Resolve) => boolean;

/** A key with many values needs a set operator: without one nothing is compared, and the line does not hold. */
const single =
  (test: Test, whenMissing: boolean): Holds =>
  (value, resolve) => {
    if (value === undefined) return whenMissing;
    return typeof value === 'string' && test(value, resolve);
  };

/**
 * Over the empty set, which a missing key and an empty text are as well, all values match and none does. `IfExists` changes nothing: it
 * counts value by value. [documented: IAM User Guide, "Single-valued vs. multivalued context keys"; of IfExists measured by others]
 */
const many =
  (test: Test, set: string): Holds =>
  (value, resolve) => {
    const values = (typeof value === 'string' ? [value] : (value ?? [])).filter((each) => each !== '');
    return set === 'ForAllValues'
      ? values.every((each) => test(each, resolve))
      : values.some((each) => test(each, resolve));
  };

/** `true` asks that the key is missing, `false` that it is there. A key without values is missing. */
function isNull(value: ContextValue | undefined, expected: readonly string[]): boolean {
  const missing = value === undefined || (typeof value !== 'string' && value.length === 0);
  return expected.some((each) => each.toLowerCase() === String(missing));
}
