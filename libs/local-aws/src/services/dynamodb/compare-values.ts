import { type AttributeValue, type Item, attributeOf } from './attribute-value.ts';
import { sortableNumber } from './decimal.ts';

/** Values that have an order: what keys are made of, and what `<` compares. */
export type Scalar = Extract<AttributeValue, { S: string } | { N: string } | { B: string }>;

export const isScalar = (value: AttributeValue): value is Scalar => 'S' in value || 'N' in value || 'B' in value;

/**
 * Returns a text whose order among those of the same type, by `<`, is DynamoDB's: strings by their UTF-8 bytes, numbers by
 * value, binary by unsigned bytes (documented: "Query", ScanIndexForward).
 */
export function sortableText(value: Scalar): string {
  if ('S' in value) return byCodePoint(value.S);
  if ('N' in value) return sortableNumber(value.N);
  return Buffer.from(value.B, 'base64').toString('latin1');
}

/**
 * JavaScript orders strings by UTF-16 units, in which surrogates (0xD800-0xDFFF) come before 0xE000-0xFFFF although they stand
 * for larger code points. Exchanging the two ranges gives the order of code points, which is that of UTF-8.
 */
function byCodePoint(text: string): string {
  if (!/[\uD800-\uFFFF]/.test(text)) return text;
  return text.replace(/[\uD800-\uFFFF]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code < 0xe000 ? code + 0x2000 : code - 0x800);
  });
}

/** Returns whether values of one type are in the order that the operator says; values of two types never are. */
export function isOrdered(one: AttributeValue, operator: '<' | '<=' | '>' | '>=', other: AttributeValue): boolean {
  if (!isScalar(one) || !isScalar(other) || !haveSameType(one, other)) return false;
  const [left, right] = [sortableText(one), sortableText(other)];
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** Returns whether two values are of one type and equal: sets in any order, lists member by member, numbers by value. */
export function areEqual(one: AttributeValue, other: AttributeValue): boolean {
  if ('S' in one) return 'S' in other && one.S === other.S;
  if ('N' in one) return 'N' in other && one.N === other.N;
  if ('B' in one) return 'B' in other && one.B === other.B;
  if ('BOOL' in one) return 'BOOL' in other && one.BOOL === other.BOOL;
  if ('NULL' in one) return 'NULL' in other;
  if ('SS' in one) return 'SS' in other && haveSameMembers(one.SS, other.SS);
  if ('NS' in one) return 'NS' in other && haveSameMembers(one.NS, other.NS);
  if ('BS' in one) return 'BS' in other && haveSameMembers(one.BS, other.BS);
  if ('L' in one) return 'L' in other && areListsEqual(one.L, other.L);
  return 'M' in other && areMapsEqual(one.M, other.M);
}

export const haveSameType = (one: AttributeValue, other: AttributeValue): boolean =>
  Object.keys(one)[0] === Object.keys(other)[0];

const haveSameMembers = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((member) => other.includes(member));

const areListsEqual = (one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean =>
  one.length === other.length &&
  one.every((member, index) => {
    const counterpart = other[index];
    return counterpart !== undefined && areEqual(member, counterpart);
  });

function areMapsEqual(one: Item, other: Item): boolean {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([name, member]) => {
      const counterpart = attributeOf(other, name);
      return counterpart !== undefined && areEqual(member, counterpart);
    })
  );
}
