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

/** Whether the name is an operator of a Choice rule, `*Path` forms included. */
export function isOperator(name: string): boolean {
  const plain = name.endsWith('Path') ? name.slice(0, -4) : name;
  if (TYPED.test(plain) || plain === 'BooleanEquals') return true;
  return name === 'StringMatches' || name === 'IsPresent' || Object.hasOwn(TESTS, name);
}

/** Compares by a Choice operator; values of another type than the operator's do not match. IsPresent is the caller's. */
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

/** `*` stands for any characters; `\*` for itself. */
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
