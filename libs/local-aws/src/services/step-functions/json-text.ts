import type { Json } from '@baton/asl';

/** What is wrong with a text that should be JSON, in the words of AWS's parser; undefined where nothing is. [recorded] */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return text.trim() === ''
      ? 'Invalid execution input.'
      : describe(text, error instanceof Error ? error.message : '');
  }
}

const A_VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** What was expected, by how Node's parser begins to say it. */
const EXPECTED: readonly (readonly [RegExp, string])[] = [
  [/^Expected (double-quoted )?property name/, 'was expecting double-quote to start field name'],
  [/^Expected ':'/, 'was expecting a colon to separate field name and value'],
  [/^Expected ',' or '}'/, 'was expecting comma to separate Object entries'],
  [/^Expected ',' or ']'/, 'was expecting comma to separate Array entries'],
];

/** `told` is Node's own description. */
function describe(text: string, told: string): string {
  const word = unknownWord(text);
  if (word !== undefined) return `Unrecognized token '${word}': was expecting ${A_VALUE}`;
  const position = Number(/at position (\d+)/.exec(told)?.[1] ?? NaN);
  const character = /^Unexpected token '(.)'/su.exec(told)?.[1] ?? text.charAt(position);
  if (character === '' || /^(Unterminated|Unexpected end)/.test(told)) return 'Unexpected end-of-input';
  const expected = EXPECTED.find(([beginning]) => beginning.test(told))?.[1] ?? `expected a valid value ${A_VALUE}`;
  return `Unexpected character ('${character}' (code ${character.codePointAt(0) ?? 0})): ${expected}`;
}

/** The first word where a value may stand, apart from the three that JSON has. */
function unknownWord(text: string): string | undefined {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"?/gs, '""');
  const [, word] = /(?:^|[:[,])\s*(?!(?:null|true|false)\b)([A-Za-z_$][\w$]*)/.exec(bare) ?? [];
  return word;
}

/** @throws {SyntaxError} for what `jsonProblem` has a problem with */
export const parseJson = (text: string): Json => JSON.parse(text) as Json;

export const isJsonObject = (value: Json | undefined): value is { [member: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
