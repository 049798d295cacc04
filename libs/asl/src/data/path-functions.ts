import { type FilterFunction, FunctionExpressionType } from 'json-p3';
import type { Json } from '../protocol.ts';

/**
 * What AWS's paths allow beyond RFC 9535: regular expressions in filters, and a function at the end of a path (documented: Jayway
 * JsonPath, which AWS uses, "Operators" and "Functions").
 */

export type PathFunction = (value: Json) => Json | undefined;

const numbers = (value: Json): number[] | undefined =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number') ? value : undefined;
const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
const overNumbers =
  (fold: (list: number[]) => number): PathFunction =>
  (value) => {
    const list = numbers(value);
    return list && fold(list);
  };

/** The functions by name, as in `$.items.length()`. They return undefined for a value of the wrong type. */
const FUNCTIONS: Readonly<Record<string, PathFunction>> = {
  length(value) {
    if (typeof value === 'string' || Array.isArray(value)) return value.length;
    return value !== null && typeof value === 'object' ? Object.keys(value).length : undefined;
  },
  keys: (value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : undefined,
  min: overNumbers((list) => Math.min(...list)),
  max: overNumbers((list) => Math.max(...list)),
  sum: overNumbers(sum),
  avg: overNumbers((list) => sum(list) / list.length),
};

const AT_THE_END = /\.(\w+)\(\)$/;

/** Splits a path from the function at its end. @throws {SyntaxError} when there is no such function */
export function splitFunction(path: string): { readonly path: string; readonly apply: PathFunction | undefined } {
  const [call, name = ''] = AT_THE_END.exec(path) ?? [];
  if (call === undefined) return { path, apply: undefined };
  if (!Object.hasOwn(FUNCTIONS, name)) throw new SyntaxError(`no such function: ${name}`);
  return { path: path.slice(0, -call.length), apply: FUNCTIONS[name] };
}

const REGEX_TEST = /(@[^\s=]*)\s*=~\s*\/((?:[^/\\]|\\.)*)\/(i?)/g;

/**
 * Rewrites tests such as `@.name =~ /ab+/i` as calls that json-p3 understands.
 * @throws {SyntaxError} when a regular expression is invalid
 */
export const withoutRegexTests = (path: string): string =>
  path.replaceAll(REGEX_TEST, (_, left: string, pattern: string, flag: string) => {
    compileRegex(pattern, flag);
    const text = pattern.replaceAll('\\/', '/').replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    return `regex(${left}, '${text}', '${flag}')`;
  });

const { ValueType, LogicalType } = FunctionExpressionType;

/** The `regex` function that `withoutRegexTests` calls. The whole text must match. */
export const regexFunction: FilterFunction = {
  argTypes: [ValueType, ValueType, ValueType],
  returnType: LogicalType,
  call: (text: unknown, pattern: string, flag: string) =>
    typeof text === 'string' && compileRegex(pattern, flag).test(text),
};

/** @throws {SyntaxError} when the pattern is invalid */
const compileRegex = (pattern: string, flag: string): RegExp => new RegExp(`^(?:${pattern})$`, `s${flag}`);
