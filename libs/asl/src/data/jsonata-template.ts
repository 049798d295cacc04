import jsonata from 'jsonata';
import type { Json } from '../protocol.ts';
import { DataFailure } from './data-failure.ts';
import { DefinitionProblem, type Note } from './definition-problem.ts';
import { type StatesField, unsupportedReferences } from './jsonata-reference.ts';

/** JSON in which strings of the form `{% ... %}` are JSONata expressions. Parsed once, evaluated for every execution. */
export type JsonataTemplate =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: JsonataExpression }
  | { readonly kind: 'array'; readonly items: readonly JsonataTemplate[] }
  | {
      readonly kind: 'object';
      readonly members: readonly { readonly name: string; readonly template: JsonataTemplate }[];
    };

export interface JsonataExpression {
  /** Without the delimiters. */
  readonly text: string;
  evaluate(bindings: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const EXPRESSION = /^\{%(.*)%\}$/s;

export const isExpression = (text: string): boolean => EXPRESSION.test(text);

/** AWS's limits on the nesting and the running time of an expression (measured on AWS). */
const MAX_DEPTH = 100;
const MAX_MILLIS = 5000;

/** Returns undefined, after noting the problem, when the text is not JSONata or refers to something that does not exist. */
export function parseJsonataExpression(
  text: string,
  available: readonly StatesField[],
  note: Note,
  place = '',
): JsonataExpression | undefined {
  const inner = (EXPRESSION.exec(text)?.[1] ?? '').trim();
  let expression: jsonata.Expression;
  try {
    expression = jsonata(inner, { stack: MAX_DEPTH, timeout: MAX_MILLIS });
  } catch (error) {
    note(new DefinitionProblem((error as { message: string }).message, 'INVALID_JSONATA_EXPRESSION', place));
    return undefined;
  }
  const unsupported = unsupportedReferences(expression.ast(), available);
  for (const message of unsupported) note(new DefinitionProblem(message, 'UNSUPPORTED_JSONATA_EXPRESSION', place));
  if (unsupported.length > 0) return undefined;
  return { text: inner, evaluate: (bindings) => expression.evaluate(undefined, bindings) as Promise<unknown> };
}

const NOTHING: JsonataTemplate = { kind: 'constant', value: null };

/** Notes each invalid expression with its place, and leaves it out. */
export function parseJsonataTemplate(
  json: Json,
  available: readonly StatesField[],
  note: Note,
  place = '',
): JsonataTemplate {
  if (typeof json === 'string') return parseText(json, available, note, place);
  if (json === null || typeof json !== 'object') return { kind: 'constant', value: json };
  if (Array.isArray(json)) {
    const items = json.map((item, index) => parseJsonataTemplate(item, available, note, `${place}[${index}]`));
    return items.every(isConstant) ? { kind: 'constant', value: json } : { kind: 'array', items };
  }
  const members = Object.entries(json).map(([name, value]) => ({
    name,
    template: parseJsonataTemplate(value, available, note, `${place}/${name}`),
  }));
  return members.every(({ template }) => isConstant(template))
    ? { kind: 'constant', value: json }
    : { kind: 'object', members };
}

function parseText(text: string, available: readonly StatesField[], note: Note, place: string): JsonataTemplate {
  if (!text.startsWith('{%')) return { kind: 'constant', value: text };
  if (!isExpression(text)) {
    note(new DefinitionProblem('JSONata string must start with {% and end with %}', undefined, place));
    return NOTHING;
  }
  const expression = parseJsonataExpression(text, available, note, place);
  return expression ? { kind: 'expression', expression } : NOTHING;
}

export const isConstant = (template: JsonataTemplate): boolean => template.kind === 'constant';

type Bindings = Readonly<Record<string, unknown>>;

/**
 * Evaluates every expression of a template.
 * @throws {DataFailure} States.QueryEvaluationError, located at the expression that failed, e.g. `Output/total`
 */
export async function fillJsonataTemplate(template: JsonataTemplate, field: string, bindings: Bindings): Promise<Json> {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'expression':
      return evaluateJsonata(template.expression, field, bindings);
    case 'array': {
      const items: Json[] = [];
      for (const [index, item] of template.items.entries()) {
        items.push(await fillJsonataTemplate(item, `${field}[${index}]`, bindings));
      }
      return items;
    }
    case 'object': {
      const members: [string, Json][] = [];
      for (const { name, template: inner } of template.members) {
        members.push([name, await fillJsonataTemplate(inner, `${field}/${name}`, bindings)]);
      }
      return Object.fromEntries(members);
    }
  }
}

/** @throws {DataFailure} States.QueryEvaluationError */
export async function evaluateJsonata(expression: JsonataExpression, field: string, bindings: Bindings): Promise<Json> {
  const told = `The JSONata expression '${expression.text}' specified for the field '${field}'`;
  const fail = (what: string): DataFailure => new DataFailure('States.QueryEvaluationError', `${told} ${what}`, field);
  let value: unknown;
  try {
    value = await expression.evaluate(bindings);
  } catch (error) {
    throw fail(`threw an error during evaluation${reasonOf(error as { code?: string; message: string })}`);
  }
  if (value === undefined) throw fail('returned nothing (undefined).');
  if (!isJson(value)) throw fail('returned an unsupported result type.');
  // Copying drops the marks that jsonata puts on its arrays. NaN and the infinities become strings (measured on AWS).
  const plain = (_: string, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each;
  return JSON.parse(JSON.stringify(value, plain)) as Json;
}

/** AWS shows the code of an error of the language, but words the errors of its limits itself (measured on AWS). */
function reasonOf({ code, message }: { code?: string; message: string }): string {
  if (code === 'D1011') {
    const advice = 'Check for non-terminating recursive function.  Consider rewriting as tail-recursive.';
    return `: Stack overflow error: ${advice} Depth=${MAX_DEPTH + 1} max=${MAX_DEPTH}`;
  }
  if (code === 'D1012') return `: Expression evaluation timeout: ${MAX_MILLIS}ms. Check for infinite loop`;
  return code === undefined ? `: ${message}` : `. ${code}: ${message}`;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (value === null || typeof value !== 'object') return true;
  if ('_jsonata_lambda' in value || '_jsonata_function' in value || value instanceof RegExp) return false;
  return Object.values(value).every(isJson);
}
