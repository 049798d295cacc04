import { parseJsonPath } from '../data/json-path.ts';
import { isExpression, parseJsonataExpression } from '../data/jsonata-template.ts';
import { isOperator } from '../data/comparison.ts';
import type { Condition } from './condition.ts';
import type { Fields } from './fields.ts';
import { path } from './parse-data-fields.ts';

/** @returns undefined when something is wrong, which has been noted */
export function parseCondition(fields: Fields, language: 'JSONPath' | 'JSONata'): Condition | undefined {
  return language === 'JSONata' ? parseJsonataCondition(fields) : parseRule(fields);
}

function parseJsonataCondition(fields: Fields): Condition | undefined {
  fields.require('Condition');
  const value = fields.get('Condition');
  if (typeof value === 'boolean') return { kind: value ? 'and' : 'or', conditions: [] };
  const text = fields.string('Condition');
  if (text === undefined) return undefined;
  if (!isExpression(text)) {
    fields.fail('Expected value of type Boolean or a JSONata expression', 'Condition');
    return undefined;
  }
  const expression = fields.parse(
    'Condition',
    () => parseJsonataExpression(text),
    (error) => error.message,
  );
  return expression && { kind: 'jsonata', expression, field: 'Condition' };
}

function parseRule(fields: Fields): Condition | undefined {
  for (const name of ['And', 'Or'] as const) {
    if (!fields.has(name)) continue;
    const conditions = fields.objects(name).map(parseRule);
    return { kind: name === 'And' ? 'and' : 'or', conditions: conditions.filter((each) => each !== undefined) };
  }
  if (fields.has('Not')) {
    const inner = fields.object('Not');
    const condition = inner && parseRule(inner);
    return condition && { kind: 'not', condition };
  }
  return parseComparison(fields);
}

function parseComparison(fields: Fields): Condition | undefined {
  fields.require('Variable');
  const variable = path(fields, 'Variable');
  const operators = fields.names().filter(isOperator);
  const name = operators[0];
  if (name === undefined || operators.length > 1) {
    fields.fail('A Choice rule must have exactly one comparison operator');
    return undefined;
  }
  if (!name.endsWith('Path')) {
    return (
      variable && {
        kind: 'compare',
        variable,
        operator: name,
        operand: { kind: 'constant', value: fields.get(name) ?? null },
      }
    );
  }
  const operand = fields.parse(
    name,
    (value) => parseJsonPath(typeof value === 'string' ? value : ''),
    () => 'Value is not a valid JSONPath',
  );
  return (
    variable &&
    operand && { kind: 'compare', variable, operator: name.slice(0, -4), operand: { kind: 'path', path: operand } }
  );
}
