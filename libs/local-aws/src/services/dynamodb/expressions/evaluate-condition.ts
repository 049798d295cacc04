import { type AttributeValue, type Item, typeOf } from '../attribute-value.ts';
import { areEqual, isOrdered } from '../compare-values.ts';
import { byteLength, utf8Length } from '../item-size.ts';
import { valueAt } from './document-paths.ts';
import type { Bound, Call, Comparator, Condition, Leaf, Operand } from './syntax.ts';

/** Returns whether an item, which may be absent, fulfils a condition. */
export function isFulfilled(condition: Condition<Bound>, item: Item | undefined): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((each) => isFulfilled(each, item));
    case 'or':
      return condition.conditions.some((each) => isFulfilled(each, item));
    case 'not':
      return !isFulfilled(condition.condition, item);
    case 'call':
      return isTrue(condition, item);
    case 'comparison':
    case 'between':
    case 'in':
      return isComparisonTrue(condition, item);
  }
}

function isComparisonTrue(comparison: Exclude<Leaf<Bound>, Call<Bound>>, item: Item | undefined): boolean {
  const [value, ...others] = comparison.operands.map((operand) => valueOf(operand, item));
  const [other, last] = others;
  if (comparison.kind === 'in') return others.some((each) => isEqual(value, each));
  if (comparison.kind === 'between') return isInOrder(value, '>=', other) && isInOrder(value, '<=', last);
  if (comparison.operator === '=') return isEqual(value, other);
  if (comparison.operator === '<>') return !isEqual(value, other);
  return isInOrder(value, comparison.operator, other);
}

/** An attribute that is absent equals nothing, not even another one (recorded, by Alternator's suite). */
const isEqual = (one: AttributeValue | undefined, other: AttributeValue | undefined): boolean =>
  one !== undefined && other !== undefined && areEqual(one, other);

const isInOrder = (
  one: AttributeValue | undefined,
  operator: Exclude<Comparator, '=' | '<>'>,
  other: AttributeValue | undefined,
): boolean => one !== undefined && other !== undefined && isOrdered(one, operator, other);

function valueOf(operand: Operand<Bound>, item: Item | undefined): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return item && valueAt(item, operand.path);
  // `size` is the one function that is an operand.
  const [argument] = operand.arguments.map((each) => valueOf(each, item));
  const size = argument && sizeOf(argument);
  return size === undefined ? undefined : { N: String(size) };
}

/** Documented: "size (path)". Strings and binary in bytes, sets, lists and maps in members; numbers have none. */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return utf8Length(value.S);
  if ('B' in value) return byteLength(value.B);
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  return 'M' in value ? Object.keys(value.M).length : undefined;
}

function isTrue({ name, arguments: list }: Call<Bound>, item: Item | undefined): boolean {
  const [value, other] = list.map((argument) => valueOf(argument, item));
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  if (value === undefined || other === undefined) return false;
  if (name === 'attribute_type') return 'S' in other && typeOf(value) === other.S;
  return name === 'contains' ? contains(value, other) : beginsWith(value, other);
}

export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  return 'B' in value && 'B' in prefix && bytesOf(value.B).startsWith(bytesOf(prefix.B));
}

/** Returns whether a text has a part, a set an element, or a list a member. */
function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('L' in value) return value.L.some((member) => areEqual(member, part));
  if ('S' in part) return 'S' in value ? value.S.includes(part.S) : 'SS' in value && value.SS.includes(part.S);
  if ('N' in part) return 'NS' in value && value.NS.includes(part.N);
  if (!('B' in part)) return false;
  return 'B' in value ? bytesOf(value.B).includes(bytesOf(part.B)) : 'BS' in value && value.BS.includes(part.B);
}

const bytesOf = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');
