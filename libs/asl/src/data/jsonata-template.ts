import jsonata from 'jsonata';
import type { Json } from '../protocol.ts';
import { DataFailure } from './data-failure.ts';
import { DefinitionProblem } from './definition-problem.ts';
import { bareReference } from './jsonata-reference.ts';

/** JSON whose strings of the form `{% ... %}` are JSONata expressions. Parsed once, filled often. */
export type JsonataTemplate =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: JsonataExpression }
  | { readonly kind: 'array'; readonly items: readonly JsonataTemplate[] }
  | {
      readonly kind: 'object';
      readonly members: readonly { readonly name: string; readonly template: JsonataTemplate }[];
    };

export interface JsonataExpression {
  /** Without the braces. */
  readonly text: string;
  evaluate(bindings: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const EXPRESSION = /^\{%(.*)%\}$/s;

export const isExpression = (text: string): boolean => EXPRESSION.test(text);

/** @throws {DefinitionProblem} when the text between `{%` and `%}` is not JSONata, or reads what is not there */
export function parseJsonataExpression(text: string): JsonataExpression {
  const inner = (EXPRESSION.exec(text)?.[1] ?? '').trim();
  let expression: jsonata.Expression;
  try {
    expression = jsonata(inner);
  } catch (error) {
    throw new DefinitionProblem((error as { message: string }).message, 'INVALID_JSONATA_EXPRESSION');
  }
  const bare = bareReference(expression.ast());
  if (bare !== undefined) {
    throw new DefinitionProblem(
      `Reference to '${bare}' at the top level is not supported.`,
      'UNSUPPORTED_JSONATA_EXPRESSION',
    );
  }
  return { text: inner, evaluate: (bindings) => expression.evaluate(undefined, bindings) as Promise<unknown> };
}

/** @throws {DefinitionProblem} with the place of the expression that is wrong */
export function parseJsonataTemplate(json: Json, place = ''): JsonataTemplate {
  if (typeof json === 'string') return parseText(json, place);
  if (json === null || typeof json !== 'object') return { kind: 'constant', value: json };
  if (Array.isArray(json)) {
    const items = json.map((item, index) => parseJsonataTemplate(item, `${place}[${index}]`));
    return items.every(isConstant) ? { kind: 'constant', value: json } : { kind: 'array', items };
  }
  const members = Object.entries(json).map(([name, value]) => ({
    name,
    template: parseJsonataTemplate(value, `${place}/${name}`),
  }));
  return members.every(({ template }) => isConstant(template))
    ? { kind: 'constant', value: json }
    : { kind: 'object', members };
}

function parseText(text: string, place: string): JsonataTemplate {
  if (text.startsWith('{%') && !isExpression(text)) {
    throw new DefinitionProblem('JSONata string must start with {% and end with %}', undefined, place);
  }
  if (!isExpression(text)) return { kind: 'constant', value: text };
  try {
    return { kind: 'expression', expression: parseJsonataExpression(text) };
  } catch (error) {
    if (!(error instanceof DefinitionProblem)) throw error;
    throw new DefinitionProblem(error.message, error.code, place);
  }
}

export const isConstant = (template: JsonataTemplate): boolean => template.kind === 'constant';

type Bindings = Readonly<Record<string, unknown>>;

/** @throws {DataFailure} States.QueryEvaluationError with the place of the expression that failed, e.g. `Output/total` */
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
    const { code, message } = error as { code?: string; message: string };
    throw fail(`threw an error during evaluation${code === undefined ? '' : `. ${code}`}: ${message}`);
  }
  if (value === undefined) throw fail('returned nothing (undefined).');
  if (!isJson(value)) throw fail('returned an unsupported result type.');
  // A sequence of jsonata is an array with marks of its own: the copy has none.
  return JSON.parse(JSON.stringify(value)) as Json;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (value === null || typeof value !== 'object') return true;
  if ('_jsonata_lambda' in value || '_jsonata_function' in value || value instanceof RegExp) return false;
  return Object.values(value).every(isJson);
}
