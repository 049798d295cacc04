import { isOperator } from '../data/comparison.ts';
import { isExpression, parseJsonataExpression } from '../data/jsonata-template.ts';
import { checkLanguageFields } from './allowed-fields.ts';
import type { Fields } from './fields.ts';
import { jsonataTemplate, parseAssign, path } from './parse-data-fields.ts';
import type { Surroundings } from './surroundings.ts';
import type { Condition, ChoiceRule, ChoiceState, DataFields } from './state-machine.ts';

export function parseChoice(
  common: { readonly name: string; readonly data: DataFields },
  fields: Fields,
  around: Surroundings,
): ChoiceState {
  fields.require('Choices');
  const rules = fields.objects('Choices');
  if (fields.has('Choices') && rules.length === 0) fields.fail('Value cannot be empty', 'Choices');
  return {
    type: 'Choice',
    ...common,
    rules: rules.flatMap((rule) => parseRule(rule, around)),
    otherwise: fields.string('Default'),
  };
}

function parseRule(fields: Fields, { language }: Surroundings): ChoiceRule[] {
  fields.require('Next');
  checkLanguageFields(
    fields,
    language,
    language === 'JSONata' ? ['Variable', 'And', 'Or', 'Not'] : ['Condition', 'Output'],
  );
  const condition = language === 'JSONata' ? parseJsonataCondition(fields) : parseTest(fields);
  const next = fields.string('Next');
  const output = language === 'JSONata' ? jsonataTemplate(fields, 'Output') : undefined;
  const assign = parseAssign(fields, language);
  return condition && next !== undefined ? [{ condition, next, output, assign }] : [];
}

function parseJsonataCondition(fields: Fields): Condition | undefined {
  if (!fields.has('Condition')) {
    fields.require('Condition');
    return undefined;
  }
  const value = fields.get('Condition');
  if (typeof value === 'boolean') return { kind: value ? 'and' : 'or', conditions: [] };
  if (typeof value !== 'string' || !isExpression(value)) {
    fields.fail('JSONata string must start with {% and end with %}', 'Condition');
    return undefined;
  }
  const expression = fields.parse('Condition', (_, note) => parseJsonataExpression(value, [], note));
  return expression && { kind: 'jsonata', expression, field: 'Condition' };
}

const KINDS = ['And', 'Or', 'Not', 'Variable'] as const;

/** Reads a JSONPath condition: And, Or, Not, or the comparison of a variable. */
function parseTest(fields: Fields): Condition | undefined {
  const given = KINDS.filter((kind) => fields.has(kind));
  const [kind] = given;
  if (given.length !== 1 || kind === undefined) {
    fields.fail('The object must have only one of the following fields, [And, Or, Not, Variable, Condition]');
    return undefined;
  }
  if (kind === 'Variable') return parseComparison(fields);
  if (kind === 'Not') {
    const inner = fields.object('Not');
    inner?.refuse(['Next']);
    const condition = inner && parseTest(inner);
    return condition && { kind: 'not', condition };
  }
  const tests = fields.objects(kind);
  if (tests.length === 0) fields.fail('Value cannot be empty', kind);
  const conditions = tests.map((test) => {
    test.refuse(['Next']);
    return parseTest(test);
  });
  return { kind: kind === 'And' ? 'and' : 'or', conditions: conditions.filter((each) => each !== undefined) };
}

function parseComparison(fields: Fields): Condition | undefined {
  const variable = path(fields, 'Variable');
  const operators = fields.names().filter(isOperator);
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    fields.fail(
      operator === undefined
        ? 'A Choice rule with a Variable must have a comparison operator'
        : `There should only be one of the following fields: [${operators.join(', ')}]`,
    );
    return undefined;
  }
  if (!operator.endsWith('Path')) {
    const value = fields.get(operator) ?? null;
    return variable && { kind: 'compare', variable, operator, operand: { kind: 'constant', value } };
  }
  const operand = path(fields, operator);
  if (!variable || !operand) return undefined;
  return {
    kind: 'compare',
    variable,
    operator: operator.slice(0, -'Path'.length),
    operand: { kind: 'path', path: operand },
  };
}
