/** Values of others as JSON text: the one place that says how deep they may nest. */
import { BatonError } from './errors.ts';
import { MAX_JSON_LEVELS } from './limits.ts';

/**
 * Returns a value as JSON text; undefined for what JSON cannot represent.
 *
 * @param what names the value in the error, e.g. `output`
 * @throws {BatonError} `JsonTooDeep`
 * @throws what `JSON.stringify` throws, e.g. for a BigInt
 */
export function jsonText(value: unknown, what: string): string | undefined {
  const text = stringified(value, what);
  if (text !== undefined && levelsIn(text) > MAX_JSON_LEVELS) throw tooDeep(what);
  return text;
}

const tooDeep = (what: string): BatonError =>
  new BatonError(
    'JsonTooDeep',
    `the ${what} nests deeper than ${MAX_JSON_LEVELS.toLocaleString('en')} levels of arrays and objects`,
  );

/** V8 parses JSON of any depth, and writes some thousand levels, as many as its stack has room for. */
function stringified(value: unknown, what: string): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw error instanceof RangeError && /call stack/.test(error.message) ? tooDeep(what) : error;
  }
}

/** How deep the arrays and objects of JSON text nest. */
function levelsIn(text: string): number {
  let open = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') most = Math.max(most, (open += 1));
    else if (character === ']' || character === '}') open -= 1;
  }
  return most;
}

/** Where the string that begins at a quote ends. */
function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
