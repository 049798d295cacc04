import type { Json } from '../protocol.ts';
import { parseTimestamp } from './timestamp.ts';

type Order = (difference: number) => boolean;

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  GreaterThan: (difference) => difference > 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThanEquals: (difference) => difference >= 0,
};

const TYPED = /^(String|Numeric|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)$/;

type Test = (value: Json) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && parseTimestamp(value) !== undefined,
};

/** Returns whether the name is a comparison operator of a Choice rule. The `*Path` forms count. */
export function isOperator(name: string): boolean {
  const plain = name.endsWith('Path') ? name.slice(0, -4) : name;
  if (TYPED.test(plain) || plain === 'BooleanEquals') return true;
  return name === 'StringMatches' || name === 'IsPresent' || Object.hasOwn(TESTS, name);
}

/**
 * Applies a comparison operator of a Choice rule, except IsPresent, which the caller decides. A value whose type is not the
 * operator's does not match (documented: Choice state, "Comparison operators").
 */
export function compare(operator: string, value: Json, operand: Json): boolean {
  const test = TESTS[operator];
  if (test) return test(value) === operand;
  if (operator === 'BooleanEquals') return typeof value === 'boolean' && value === operand;
  if (operator === 'StringMatches')
    return typeof value === 'string' && typeof operand === 'string' && matches(value, operand);
  const [, type, order] = TYPED.exec(operator) ?? [];
  const difference = differenceOf(type, value, operand);
  return difference !== undefined && (ORDERS[order ?? '']?.(difference) ?? false);
}

function differenceOf(type: string | undefined, left: Json, right: Json): number | undefined {
  if (type === 'Numeric') return typeof left === 'number' && typeof right === 'number' ? left - right : undefined;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  if (type === 'String') return left < right ? -1 : Number(left > right);
  const [from, to] = [parseTimestamp(left), parseTimestamp(right)];
  return from === undefined || to === undefined ? undefined : from - to;
}

/** StringMatches: `*` matches any characters, `\*` a literal asterisk (documented: Choice state). */
function matches(text: string, pattern: string): boolean {
  const source = pattern.replaceAll(
    /\\(.)|(\*)|([.+?^${}()|[\]\\])/gs,
    (_, escaped?: string, star?: string, special?: string) => {
      if (star !== undefined) return '.*';
      const char = escaped ?? special ?? '';
      return /[\w\s]/.test(char) ? char : `\\${char}`;
    },
  );
  return new RegExp(`^${source}$`, 's').test(text);
}
