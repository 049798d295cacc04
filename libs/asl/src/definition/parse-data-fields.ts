import { parseExpression } from '../data/expression.ts';
import { type JsonPath, parseJsonPath } from '../data/json-path.ts';
import {
  isExpression,
  type JsonataTemplate,
  parseJsonataExpression,
  parseJsonataTemplate,
} from '../data/jsonata-template.ts';
import { type PayloadTemplate, parsePayloadTemplate, TemplateSyntaxError } from '../data/payload-template.ts';
import { parseReferencePath, type ReferencePath } from '../data/reference-path.ts';
import type { Json } from '../protocol.ts';
import type { Fields } from './fields.ts';
import type { DataFields, Dynamic } from './state-machine.ts';

type Language = 'JSONPath' | 'JSONata';

export function parseDataFields(fields: Fields, language: Language): DataFields {
  if (language === 'JSONata') {
    return {
      language,
      arguments: jsonataTemplate(fields, 'Arguments'),
      output: jsonataTemplate(fields, 'Output'),
      assign: jsonataTemplate(fields, 'Assign'),
    };
  }
  return {
    language,
    inputPath: nullablePath(fields, 'InputPath'),
    parameters: payloadTemplate(fields, 'Parameters'),
    resultSelector: payloadTemplate(fields, 'ResultSelector'),
    resultPath: resultPath(fields),
    outputPath: nullablePath(fields, 'OutputPath'),
    assign: payloadTemplate(fields, 'Assign'),
  };
}

export function template(
  fields: Fields,
  name: string,
  language: Language,
): PayloadTemplate | JsonataTemplate | undefined {
  return language === 'JSONata' ? jsonataTemplate(fields, name) : payloadTemplate(fields, name);
}

export function jsonataTemplate(fields: Fields, name: string): JsonataTemplate | undefined {
  return fields.parse(name, parseJsonataTemplate, (error) => error.message);
}

function payloadTemplate(fields: Fields, name: string): PayloadTemplate | undefined {
  return fields.parse(name, parsePayloadTemplate, (error) =>
    error instanceof TemplateSyntaxError ? error.message : 'The payload template is not valid',
  );
}

export function path(fields: Fields, name: string): JsonPath | undefined {
  return fields.parse(
    name,
    (value) => parseJsonPath(text(value)),
    () => 'Value is not a valid JSONPath',
  );
}

function nullablePath(fields: Fields, name: string): JsonPath | null | undefined {
  return fields.get(name) === null ? null : path(fields, name);
}

export function resultPath(fields: Fields): ReferencePath | null {
  if (fields.get('ResultPath') === null) return null;
  return (
    fields.parse(
      'ResultPath',
      (value) => parseReferencePath(text(value)),
      () => 'Value is not a Reference Path',
    ) ?? []
  );
}

/** A field and its `*Path` twin (JSONPath), or a constant or expression (JSONata). Both at once are refused. */
export function dynamic<T extends string | number>(
  fields: Fields,
  name: string,
  language: Language,
  constant: (fields: Fields, name: string) => T | undefined,
): Dynamic<T> | undefined {
  const value = fields.get(name);
  if (language === 'JSONata' && typeof value === 'string' && isExpression(value)) {
    const expression = fields.parse(
      name,
      (json) => parseJsonataExpression(text(json)),
      (error) => error.message,
    );
    return expression && { kind: 'jsonata', field: name, expression };
  }
  const field = `${name}Path`;
  const pathText = language === 'JSONPath' ? fields.string(field) : undefined;
  if (pathText !== undefined) {
    if (value !== undefined) fields.fail(`You cannot specify both '${name}' and '${field}'`);
    const expression = fields.parse(
      field,
      () => parseExpression(pathText),
      () => 'Value is not a valid JSONPath',
    );
    return expression && { kind: 'path', field, expression, text: pathText };
  }
  const given = value === undefined ? undefined : constant(fields, name);
  return given === undefined ? undefined : { kind: 'constant', value: given };
}

function text(value: Json): string {
  if (typeof value !== 'string') throw new SyntaxError('not a string');
  return value;
}
