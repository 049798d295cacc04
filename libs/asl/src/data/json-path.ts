import { JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
import type { Json } from '../protocol.ts';
import { DataFailure } from './data-failure.ts';
import { withoutDotsBeforeBrackets, withPlainLiterals } from './jayway-forms.ts';
import { type PathFunction, regexFunction, splitFunction, withoutRegexTests } from './path-functions.ts';

/** The values that a path can start from. */
export interface PathScope {
  /** `$` */
  readonly input: Json;
  /** `$$` */
  context(): Json;
  /** `$name`. Returns undefined when no such variable is in scope. */
  variable(name: string): Json | undefined;
}

type Root =
  { readonly kind: 'input' } | { readonly kind: 'context' } | { readonly kind: 'variable'; readonly name: string };

/** A parsed path such as `$.a[0]`, `$$.Execution.Id` or `$name.x`. */
export interface JsonPath {
  readonly text: string;
  readonly root: Root;
  /** The names and indexes, when the path names a single place; undefined with `[*]`, `..`, slices, unions or filters. */
  readonly steps: readonly (string | number)[] | undefined;
  readonly query: JSONPathQuery | undefined;
  /** The function at the path's end, as in `$.items.length()`. */
  readonly apply: PathFunction | undefined;
}

/** What a path found: a value, or the place where it stopped. */
export type Found = { readonly value: Json } | Missing;

interface Missing {
  /** The normalized path up to and including the missing step. */
  readonly missing: string;
  /** The name or index that was not there. */
  readonly step: string | number;
  /** Whether that was the path's last step. */
  readonly last: boolean;
  /** Whether that was an index beyond the end of an array. */
  readonly pastEnd: boolean;
}

const environment = new JSONPathEnvironment();
environment.functionRegister.set('regex', regexFunction);
const HEAD = /^\$(\$|[\p{ID_Start}_][\p{ID_Continue}]*)?(?=[.[]|$)/u;
const STEP =
  /\.([\p{L}\p{N}_\-:@ ]+)(?![\p{L}\p{N}_\-(])|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\]/uy;

/** @throws {SyntaxError} when the text is not a valid path */
export function parseJsonPath(text: string): JsonPath {
  const head = HEAD.exec(text);
  if (!head) throw new SyntaxError(`not a path: ${text}`);
  const { path, apply } = splitFunction(withoutDotsBeforeBrackets(text.slice(head[0].length)));
  const steps = definiteSteps(path);
  const query = steps ? undefined : compile(`$${withoutRegexTests(withPlainLiterals(path))}`);
  return { text, root: rootOf(head[1]), steps, query, apply };
}

function compile(text: string): JSONPathQuery {
  try {
    return environment.compile(text);
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
}

function rootOf(name: string | undefined): Root {
  if (name === undefined) return { kind: 'input' };
  return name === '$' ? { kind: 'context' } : { kind: 'variable', name };
}

function definiteSteps(text: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return undefined;
    const quoted = match[2] ?? match[3];
    if (match[4] !== undefined) steps.push(Number(match[4]));
    else steps.push(quoted === undefined ? (match[1] as string) : quoted.replaceAll(/\\(.)/g, '$1'));
  }
  return steps;
}

export function find(path: JsonPath, scope: PathScope): Found {
  const whole = { missing: path.text, step: path.text, last: true, pastEnd: false };
  const start = startOf(path, scope);
  if (start === undefined) return whole;
  const found = findFrom(start, path);
  if (!path.apply || !('value' in found)) return found;
  const value = path.apply(found.value);
  return value === undefined ? whole : { value };
}

/**
 * Returns the value at a path of a template. An index beyond the end of an array gives null (measured on AWS).
 * @throws {DataFailure} when the path finds nothing
 */
export function valueAt(path: JsonPath, field: string, scope: PathScope): Json {
  const found = find(path, scope);
  if ('value' in found) return found.value;
  if (found.pastEnd) return null;
  const input = JSON.stringify(path.root.kind === 'context' ? scope.context() : scope.input);
  throw new DataFailure(
    'States.Runtime',
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
}

/**
 * Returns the value at a path that selects data: InputPath, OutputPath, ItemsPath and the like.
 * @throws {DataFailure} when the path finds nothing
 */
export function selectAt(path: JsonPath, scope: PathScope): Json {
  const found = find(path, scope);
  if ('value' in found) return found.value;
  const reason = found.last ? `No results for path: ${found.missing}` : `Missing property in path ${found.missing}`;
  throw new DataFailure('States.Runtime', `Invalid path '${path.text}' : ${reason}`);
}

function findFrom(start: Json, { query, steps }: JsonPath): Found {
  // json-p3's type of JSON differs from ours only in that it allows undefined.
  return query ? { value: query.query(start).values() as Json[] } : walk(start, steps ?? []);
}

function startOf(path: JsonPath, scope: PathScope): Json | undefined {
  switch (path.root.kind) {
    case 'input':
      return scope.input;
    case 'context':
      return scope.context();
    case 'variable':
      return scope.variable(path.root.name);
  }
}

function walk(start: Json, steps: readonly (string | number)[]): Found {
  let value: Json = start;
  for (const [index, step] of steps.entries()) {
    const next = child(value, step);
    if (next === undefined) {
      const pastEnd = typeof step === 'number' && Array.isArray(value);
      return { missing: normalized(steps.slice(0, index + 1)), step, last: index === steps.length - 1, pastEnd };
    }
    value = next;
  }
  return { value };
}

function child(value: Json, step: string | number): Json | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return typeof step === 'number' ? value.at(step) : undefined;
  return typeof step === 'string' && Object.hasOwn(value, step) ? value[step] : undefined;
}

const normalized = (steps: readonly (string | number)[]): string =>
  `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `['${step}']`)).join('')}`;
