import { DefinitionProblem } from '../data/definition-problem.ts';
import { type Expression, parseExpression } from '../data/expression.ts';
import { type JsonPath, parseJsonPath } from '../data/json-path.ts';
import {
  isExpression,
  type JsonataTemplate,
  parseJsonataExpression,
  parseJsonataTemplate,
} from '../data/jsonata-template.ts';
import { type PayloadTemplate, parsePayloadTemplate } from '../data/payload-template.ts';
import { parseReferencePath, type ReferencePath } from '../data/reference-path.ts';
import type { StatesField } from '../data/jsonata-reference.ts';
import type { Json } from '../protocol.ts';
import type { Fields } from './fields.ts';
import type { Language } from './surroundings.ts';
import type { DataFields, Dynamic } from './state-machine.ts';

/**
 * Reads the fields by which data enters and leaves a state.
 * @param available the members of `$states` that the state's Output and Assign can read, besides input and context
 */
export function parseDataFields(fields: Fields, language: Language, available: readonly StatesField[]): DataFields {
  const assign = parseAssign(fields, language, available);
  if (language === 'JSONata') {
    return {
      language,
      arguments: jsonataTemplate(fields, 'Arguments'),
      output: jsonataTemplate(fields, 'Output', available),
      assign: assign as JsonataTemplate | undefined,
    };
  }
  return {
    language,
    inputPath: nullablePath(fields, 'InputPath'),
    parameters: payloadTemplate(fields, 'Parameters'),
    resultSelector: payloadTemplate(fields, 'ResultSelector'),
    resultPath: resultPath(fields),
    outputPath: nullablePath(fields, 'OutputPath'),
    assign: assign as PayloadTemplate | undefined,
  };
}

export function parseAssign(
  fields: Fields,
  language: Language,
  available: readonly StatesField[] = [],
): PayloadTemplate | JsonataTemplate | undefined {
  for (const member of fields.object('Assign')?.names() ?? []) {
    const name = language === 'JSONPath' && member.endsWith('.$') ? member.slice(0, -2) : member;
    if (name === 'states') {
      fields.fail(`Cannot assign to reserved variable '$states'.`, 'Assign', 'RESERVED_VARIABLE_NAME');
    } else if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) {
      const message = `Invalid variable name '${name}': the variable name contains invalid characters.`;
      fields.fail(message, 'Assign', 'INVALID_VARIABLE_NAME');
    }
  }
  return template(fields, 'Assign', language, available);
}

export function template(
  fields: Fields,
  name: string,
  language: Language,
  available: readonly StatesField[] = [],
): PayloadTemplate | JsonataTemplate | undefined {
  return language === 'JSONata' ? jsonataTemplate(fields, name, available) : payloadTemplate(fields, name);
}

export const jsonataTemplate = (
  fields: Fields,
  name: string,
  available: readonly StatesField[] = [],
): JsonataTemplate | undefined => fields.parse(name, (json, note) => parseJsonataTemplate(json, available, note));

const payloadTemplate = (fields: Fields, name: string): PayloadTemplate | undefined =>
  fields.parse(name, (json, note) => parsePayloadTemplate(json, note));

export const path = (fields: Fields, name: string): JsonPath | undefined =>
  fields.parse(name, (value) => readText(value, parseJsonPath, 'Value must be a valid JSONPath.'));

function nullablePath(fields: Fields, name: string): JsonPath | null | undefined {
  return fields.get(name) === null ? null : path(fields, name);
}

export function resultPath(fields: Fields): ReferencePath | null {
  if (fields.get('ResultPath') === null) return null;
  const read = (value: Json): ReferencePath => {
    const started = typeof value === 'string' && value.startsWith('$');
    const reason = started ? '' : ": Reference path didn't start with '$'";
    return readText(value, parseReferencePath, `Value is not a Reference Path${reason}`);
  };
  return fields.parse('ResultPath', read) ?? [];
}

/**
 * Reads a field that may be a constant, a path under the name `<field>Path` (JSONPath), or an expression (JSONata). Notes an error
 * when both the field and its path are given.
 */
export function dynamic<T extends string | number>(
  fields: Fields,
  name: string,
  language: Language,
  constant: (fields: Fields, name: string) => T | undefined,
): Dynamic<T> | undefined {
  const value = fields.get(name);
  if (language === 'JSONata' && typeof value === 'string' && isExpression(value)) {
    const expression = fields.parse(name, (_, note) => parseJsonataExpression(value, [], note));
    return expression && { kind: 'jsonata', field: name, expression };
  }
  const field = `${name}Path`;
  const pathText = language === 'JSONPath' ? fields.string(field) : undefined;
  if (pathText !== undefined) {
    fields.allowOne(name, field);
    const read = (json: Json): Expression => readText(json, parseExpression, 'Value must be a valid JSONPath.');
    const expression = fields.parse(field, read);
    return expression && { kind: 'path', field, expression, text: pathText };
  }
  const given = value === undefined ? undefined : constant(fields, name);
  return given === undefined ? undefined : { kind: 'constant', value: given };
}

/** @throws {DefinitionProblem} with `message`, when the value is not a string or `read` rejects it */
function readText<T>(value: Json, read: (text: string) => T, message: string): T {
  try {
    if (typeof value !== 'string') throw new SyntaxError('not a string');
    return read(value);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DefinitionProblem) throw new DefinitionProblem(message);
    throw error;
  }
}
