import type { Json } from '../src/index.ts';

/**
 * The values of tagged placeholders so far.
 *
 * Values are compared by the rules of the recordings' own replayer. A placeholder matches any value; a tagged one (`<name:1>`) the
 * same value wherever it occurs. JSON may be given as text. Metadata of responses, times and roles are not compared, and of a
 * function's error only its type and message.
 */
export type Bindings = Map<string, string>;

const NOT_COMPARED = new Set([
  'SdkHttpMetadata',
  'SdkResponseMetadata',
  'timestamp',
  'roleArn',
  'stateMachineVersionArn',
]);
const PLACEHOLDER = /<<[A-Za-z_ -]+>:\d+>|<[A-Za-z_0-9 -]+(?::\d+)?>|\{\{any\}\}|111111111111/g;
const ANYTHING = new Set(['timestamp', 'date', 'datetime', '{{any}}', 'RequestId', 'uuid']);

/** Returns the first difference between a recorded value and a given one, undefined when there is none. */
export function difference(expected: unknown, given: unknown, bindings: Bindings, path = '$'): string | undefined {
  if (typeof expected === 'string') return textDifference(expected, given, bindings, path);
  const value = typeof given === 'string' ? parsed(given) : given;
  if (Array.isArray(expected)) return listDifference(expected, value, bindings, path);
  if (isObject(expected)) return objectDifference(expected, value, bindings, path);
  return expected === (value ?? null) ? undefined : `${path}: ${show(expected)} vs ${show(value)}`;
}

function objectDifference(expected: JsonObject, value: unknown, bindings: Bindings, path: string): string | undefined {
  if (!isObject(value)) return `${path}: expected an object, got ${show(value)}`;
  if ('errorMessage' in expected && 'errorType' in expected) {
    expected = functionError(expected);
    value = functionError(value);
  }
  const wanted = namesOf(expected);
  const found = namesOf(value as JsonObject);
  const missing = wanted.filter((name) => !found.includes(name));
  const added = found.filter((name) => !wanted.includes(name));
  if (missing.length > 0 || added.length > 0) {
    const isUnknownName = missing.some((name) => name.search(PLACEHOLDER) >= 0) && missing.length === added.length;
    return isUnknownName ? undefined : `${path}: without ${missing.join(', ')}; with ${added.join(', ')}`;
  }
  for (const name of wanted.sort()) {
    const found = difference(expected[name], (value as JsonObject)[name], bindings, `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}

function listDifference(expected: unknown[], value: unknown, bindings: Bindings, path: string): string | undefined {
  if (!Array.isArray(value) || value.length !== expected.length) {
    return `${path}: expected a list of ${expected.length}, got ${show(value)}`;
  }
  for (const [index, element] of expected.entries()) {
    const found = difference(element, value[index], bindings, `${path}[${index}]`);
    if (found) return found;
  }
  return undefined;
}

function textDifference(expected: string, given: unknown, bindings: Bindings, path: string): string | undefined {
  if (expected === given) return undefined;
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? null);
  if (matchesPlaceholders(expected, text, bindings)) return undefined;
  if (typeof given === 'string') {
    const [wanted, found] = [parsed(expected), parsed(given)];
    if (wanted !== expected && typeof found === typeof wanted) return difference(wanted, found, bindings, path);
  }
  return `${path}: ${show(expected)} vs ${show(given)}`;
}

/** Returns whether a text matches a recorded text with placeholders, and binds tags that have no value yet. */
function matchesPlaceholders(expected: string, text: string, bindings: Bindings): boolean {
  if (ANYTHING.has(expected)) return true;
  const placeholders = expected.match(PLACEHOLDER);
  if (placeholders === null) return false;
  const tags: string[] = [];
  const parts = expected.split(PLACEHOLDER).map(escape);
  const pattern = placeholders.reduce((sum, placeholder, index) => {
    let part = '.+?';
    const bound = bindings.get(placeholder);
    if (bound !== undefined) part = escape(bound);
    else if (placeholder === '111111111111') part = '\\d{12}';
    else if (placeholder.includes(':') && !tags.includes(placeholder)) part = `(?<tag${tags.push(placeholder)}>.+?)`;
    return sum + part + (parts[index + 1] as string);
  }, parts[0] as string);
  const match = new RegExp(`^(?:${pattern})$`, 's').exec(text);
  for (const [index, tag] of tags.entries()) if (match) bindings.set(tag, match.groups?.[`tag${index + 1}`] as string);
  return match !== null;
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Parses text that looks like JSON. Returns other text as it is. */
function parsed(text: string): Json {
  if (!/^[{["]/.test(text) && !/^(-?\d+(\.\d+)?([eE]-?\d+)?|true|false|null)$/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

type JsonObject = Record<string, unknown>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const namesOf = (value: JsonObject): string[] =>
  Object.keys(value).filter((name) => !NOT_COMPARED.has(name) && value[name] !== undefined);
const functionError = ({ errorMessage, errorType }: JsonObject): JsonObject => ({ errorMessage, errorType });
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 110);
