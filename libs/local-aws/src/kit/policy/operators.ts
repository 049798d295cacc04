/** The condition operators: how one value of a request compares with one of a policy. [documented: IAM User Guide, "Condition operators"] */
import { compileArnCondition } from './arn-pattern.ts';
import { parseCidr } from './ip-range.ts';
import { compilePattern, matches, valueOf, type Resolve } from './pattern.ts';

/** Does the request's value match? */
export type Test = (value: string, resolve: Resolve) => boolean;
/** Makes the test of a policy's value. */
type Compile = (expected: string, version2012: boolean) => Test;

export interface Operator {
  /** `StringNotEquals` and its like are true where `StringEquals` is not. */
  readonly negated: boolean;
  readonly compile: Compile;
}

const equals: Compile = (expected, variables) => {
  const pattern = compilePattern(expected, { variables, wildcards: false });
  return (value, resolve) => matches(pattern, value, resolve);
};

const equalsIgnoreCase: Compile = (expected, variables) => {
  const pattern = compilePattern(expected, { variables, wildcards: false });
  return (value, resolve) => valueOf(pattern, resolve)?.toLowerCase() === value.toLowerCase();
};

const like: Compile = (expected, variables) => {
  const pattern = compilePattern(expected, { variables, wildcards: true });
  return (value, resolve) => matches(pattern, value, resolve);
};

const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/;
const parseNumber = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);

/** The forms of the W3C's profile of ISO 8601, or seconds since 1970. */
const DATE = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;
function parseDate(text: string): number | undefined {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1000;
  const time = DATE.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** What cannot be read matches nothing. */
const ordered =
  (parse: (text: string) => number | undefined, holds: (value: number, expected: number) => boolean): Compile =>
  (expected) => {
    const limit = parse(expected);
    return (text) => {
      const value = parse(text);
      return value !== undefined && limit !== undefined && holds(value, limit);
    };
  };

const truth = (text: string): boolean | undefined => ({ true: true, false: false })[text.toLowerCase()];

const bool: Compile = (expected) => {
  const wanted = truth(expected);
  return (value) => wanted !== undefined && truth(value) === wanted;
};

const binary: Compile = (expected) => {
  const bytes = Buffer.from(expected, 'base64');
  return (value) => bytes.equals(Buffer.from(value, 'base64'));
};

const inRange: Compile = (expected) => {
  const range = parseCidr(expected);
  return (value) => range?.contains(value) ?? false;
};

const arn: Compile = (expected, variables) => compileArnCondition(expected, { variables, wildcards: true });

const pair = (name: string, not: string, compile: Compile): [string, Operator][] => [
  [name, { negated: false, compile }],
  [not, { negated: true, compile }],
];

const comparisons = (kind: string, parse: (text: string) => number | undefined): [string, Operator][] => {
  const one = (name: string, holds: (value: number, limit: number) => boolean): [string, Operator] => [
    kind + name,
    { negated: false, compile: ordered(parse, holds) },
  ];
  return [
    ...pair(
      `${kind}Equals`,
      `${kind}NotEquals`,
      ordered(parse, (value, limit) => value === limit),
    ),
    one('LessThan', (value, limit) => value < limit),
    one('LessThanEquals', (value, limit) => value <= limit),
    one('GreaterThan', (value, limit) => value > limit),
    one('GreaterThanEquals', (value, limit) => value >= limit),
  ];
};

/** All of them but `Null`, by their names. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', equals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoreCase),
  ...pair('StringLike', 'StringNotLike', like),
  ...comparisons('Numeric', parseNumber),
  ...comparisons('Date', parseDate),
  ['Bool', { negated: false, compile: bool }],
  ['BinaryEquals', { negated: false, compile: binary }],
  ...pair('IpAddress', 'NotIpAddress', inRange),
  ...pair('ArnEquals', 'ArnNotEquals', arn),
  ...pair('ArnLike', 'ArnNotLike', arn),
]);
