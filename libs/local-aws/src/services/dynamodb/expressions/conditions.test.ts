import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Item, parseItem } from '../attribute-value.ts';
import { isFulfilled } from './evaluate-condition.ts';
import { readExpressions } from './expressions.ts';
import { parseCondition } from './parse-condition.ts';
import type { Condition, Operand, Path, Written } from './syntax.ts';

const VALUES = {
  ':two': { N: '2.0' },
  ':b': { S: 'b' },
  ':bytes': { B: 'Yg==' },
  ':set': { SS: ['y', 'x'] },
  ':list': { L: [{ N: '1' }] },
  ':type': { S: 'SS' },
  ':yes': { BOOL: true },
};
const NAMES = { '#c': 'constructor', '#dot': 'a.b', '#size': 'size' };

/** A condition with the placeholders above, as far as it uses them. */
const conditionOf = (expression: string) => {
  const used = (all: object) => {
    const own = Object.entries(all).filter(([key]) => new RegExp(`${key}\\b`).test(expression));
    return own.length === 0 ? undefined : Object.fromEntries(own);
  };
  const given = {
    ConditionExpression: expression,
    ExpressionAttributeNames: used(NAMES),
    ExpressionAttributeValues: used(VALUES),
  };
  const { condition } = readExpressions(given, ['ConditionExpression']);
  if (condition === undefined) throw new Error('no condition');
  return condition;
};

const item: Item = parseItem({
  n: { N: '2' },
  s: { S: 'abc' },
  bytes: { B: 'YWJj' },
  colors: { SS: ['x', 'y'] },
  numbers: { NS: ['1', '2'] },
  letters: { L: [{ N: '1' }, { M: { deep: { S: 'b' } } }] },
  'a.b': { S: 'b' },
  nothing: { NULL: true },
});

test.each([
  'n = :two',
  'n = numbers OR n = :two',
  ':two >= n AND n BETWEEN :two AND :two',
  'n IN (:b, :two)',
  's > :b OR NOT s > :b',
  'NOT s > :b',
  's < :b AND (n = :two OR n <> :two)',
  'absent <> nowhere',
  'absent <> :b',
  'NOT absent = nowhere',
  'NOT (absent < :two OR absent > :two)',
  's <> :two',
  'colors = :set',
  '#dot = :b',
  'letters[1].deep = :b',
  'attribute_not_exists(letters[2])',
  'attribute_not_exists(#c)',
  'attribute_exists(nothing)',
  'attribute_type(colors, :type)',
  'begins_with(#dot, :b)',
  'contains(s, :b)',
  'contains(bytes, :bytes)',
  'contains(numbers, :two)',
  'NOT contains(letters, :two)',
  'size(s) > :two AND size(bytes) > :two',
  'size(letters) = :two AND size(colors) = :two',
  'NOT size(absent) >= :two',
  '(n) = (:two)',
  'n = :two and not n <> :two',
])('%s holds', (expression) => expect(isFulfilled(conditionOf(expression), item)).toBe(true));

test.each([
  ['', 'The expression can not be empty;'],
  ['a = = :b', 'Syntax error; token: "=", near: "= = :b"'],
  ['a = ', 'Syntax error; token: "<EOF>", near: "="'],
  ['a', 'Syntax error; token: "<EOF>", near: "a"'],
  ['_a = :b', 'Syntax error; token: "_", near: "_a"'],
  ['a-b = :b', 'Syntax error; token: "-", near: "a-b"'],
  ['a AND b = :b', 'Syntax error; token: "AND", near: "a AND b"'],
  ['((a = :b))', 'The expression has redundant parentheses;'],
  ['a = ((:b))', 'The expression has redundant parentheses;'],
  ['f(a) AND size = :b', 'Invalid function name; function: f'],
  ['size(a)', 'The function is not allowed to be used this way in an expression; function: size'],
  [
    'attribute_exists(a) = :b',
    'The function is not allowed to be used this way in an expression; function: attribute_exists',
  ],
  ['Size = :b', 'Attribute name is a reserved keyword; reserved keyword: Size'],
  ['a = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
  ['#none = :b', 'An expression attribute name used in the document path is not defined; attribute name: #none'],
  [
    'contains(a)',
    'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
  ],
  [
    'a[0].b = a[0].b',
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
      'operator: =, first operand: [a, [0], b]',
  ],
  ['a < :list', 'Incorrect operand type for operator or function; operator or function: <, operand type: L'],
  [
    'begins_with(a, :two)',
    'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  ],
  ['attribute_exists(:b)', 'Operator or function requires a document path; operator or function: attribute_exists'],
  ['attribute_type(a, :b)', 'Invalid attribute type name found; type: b, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}'],
  [
    'a BETWEEN :type AND :b AND b BETWEEN :b AND :type',
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
      'lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:SS}',
  ],
  [
    'a BETWEEN :b AND :two',
    'The BETWEEN operator requires same data type for lower and upper bounds; ' +
      'lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {N:2}',
  ],
])('%j is refused', (expression, message) => {
  expect(() => conditionOf(expression)).toThrow(
    expect.objectContaining({
      code: 'ValidationException',
      message: `Invalid ConditionExpression: ${message}`,
    }) as Error,
  );
});

test.each([
  [{ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
  [{ ExpressionAttributeNames: { a: 'b' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
  [
    { ExpressionAttributeNames: { '#a': 'b', '#c': 'd' } },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}',
  ],
  [
    { ExpressionAttributeValues: { ':a': { S: 'b' } } },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}',
  ],
  [
    { ExpressionAttributeValues: { ':a': { N: 'b' } } },
    'ExpressionAttributeValues contains invalid value: ' +
      'The parameter cannot be converted to a numeric value: b for key :a',
  ],
  [
    { ConditionExpression: undefined, ExpressionAttributeNames: { '#a': 'b' } },
    'ExpressionAttributeNames can only be specified when using expressions',
  ],
  [
    { ConditionExpression: undefined, ExpressionAttributeValues: { ':a': { S: 'b' } } },
    'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
  ],
])('placeholders that do not fit are refused: %j', (given, message) => {
  const request = { ConditionExpression: 'attribute_exists(a)', ...given };
  expect(() => readExpressions(request, ['ConditionExpression'])).toThrow(message);
});

const names = fc.constantFrom('a', 'Bc_1', '#n', '#0');
const paths = fc
  .tuple(names, fc.array(fc.oneof(names, fc.nat({ max: 9 })), { maxLength: 3 }))
  .map(([head, rest]): Path => [head, ...rest]);
const { operand } = fc.letrec<{ operand: Operand<Written> }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2 },
    fc.record({ kind: fc.constant('path' as const), path: paths }),
    fc.record({ kind: fc.constant('value' as const), value: fc.constantFrom(':v', ':w_2') }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constantFrom('size', 'f'),
      arguments: fc.array(tie('operand'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const operands = (count: number) => fc.array(operand, { minLength: count, maxLength: count });
const { condition: conditions } = fc.letrec<{ condition: Condition<Written> }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant('comparison' as const),
      operator: fc.constantFrom('=' as const, '<>' as const, '<' as const, '<=' as const, '>' as const, '>=' as const),
      operands: operands(2),
    }),
    fc.record({ kind: fc.constant('between' as const), operands: operands(3) }),
    fc.record({ kind: fc.constant('in' as const), operands: operands(3) }),
    fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }),
    fc.record({ kind: fc.constant('and' as const), conditions: fc.tuple(tie('condition'), tie('condition')) }),
    fc.record({ kind: fc.constant('or' as const), conditions: fc.tuple(tie('condition'), tie('condition')) }),
  ),
}));

test('a condition that is printed with the parentheses it needs is read as it was', () => {
  fc.assert(
    fc.property(conditions, fc.constantFrom(' ', '\n\t '), (condition, space) => {
      expect(parseCondition(print(condition).replaceAll(' ', space))).toEqual(condition);
    }),
    { numRuns: 500 },
  );
});

function print(node: Condition<Written> | Operand<Written>): string {
  switch (node.kind) {
    case 'path':
      return node.path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
        .join('')
        .slice(1);
    case 'value':
      return node.value;
    case 'call':
      return `${node.name} (${node.arguments.map(print).join(' , ')})`;
    case 'comparison':
      return node.operands.map(print).join(` ${node.operator} `);
    case 'between':
      return `${print(node.operands[0]!)} between ${print(node.operands[1]!)} AND ${print(node.operands[2]!)}`;
    case 'in':
      return `${print(node.operands[0]!)} IN (${node.operands.slice(1).map(print).join(',')})`;
    case 'not':
      return `NOT ${inParentheses(node.condition, ['and', 'or'])}`;
    case 'and':
      // Chains are read from the left.
      return `${inParentheses(node.conditions[0], ['or'])} AND ${inParentheses(node.conditions[1], ['and', 'or'])}`;
    case 'or':
      return `${print(node.conditions[0])} or ${inParentheses(node.conditions[1], ['or'])}`;
  }
}

const inParentheses = (node: Condition<Written>, kinds: readonly string[]): string =>
  kinds.includes(node.kind) ? `(${print(node)})` : print(node);
