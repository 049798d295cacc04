import { expect, test } from 'vitest';
import { type Item, parseItem } from '../attribute-value.ts';
import { applyUpdate } from './apply-update.ts';
import { readExpressions } from './expressions.ts';
import { project } from './project.ts';

const VALUES = {
  ':one': { N: '1' },
  ':s': { S: 'new' },
  ':t': { S: 'other' },
  ':list': { L: [{ S: 'x' }] },
  ':set': { SS: ['b', 'c'] },
  ':all': { SS: ['a', 'b'] },
};

const changesOf = (expression: string) => {
  const own = Object.entries(VALUES).filter(([key]) => new RegExp(`${key}\\b`).test(expression));
  const { update } = readExpressions(
    {
      UpdateExpression: expression,
      ...(own.length > 0 && { ExpressionAttributeValues: Object.fromEntries(own) }),
    },
    ['UpdateExpression'],
  );
  return update ?? [];
};

const key = { pk: { S: 'k' } };
const item: Item = {
  ...key,
  n: { N: '2' },
  colors: { SS: ['a', 'b'] },
  letters: { L: [{ N: '0' }, { N: '1' }, { N: '2' }, { N: '3' }] },
  doc: { M: { a: { S: 'old' }, letters: { L: [{ M: { deep: { N: '1' } } }] } } },
};
const numbers = (...values: number[]) => ({ L: values.map((value) => ({ N: String(value) })) });

test.each<[string, object]>([
  ['SET n = n + :one, m = n', { n: { N: '3' }, m: { N: '2' } }],
  ['SET n = if_not_exists(absent, :one) - n', { n: { N: '-1' } }],
  ['SET m = (n + :one)', { m: { N: '3' } }],
  [
    'SET letters = list_append(:list, if_not_exists(letters, :list))',
    { letters: { L: [{ S: 'x' }, ...numbers(0, 1, 2, 3).L] } },
  ],
  ['SET n = letters[1] REMOVE letters[1], letters[17]', { n: { N: '1' }, letters: numbers(0, 2, 3) }],
  ['REMOVE letters[0] SET letters[2] = :one', { letters: numbers(1, 1, 3) }],
  [
    'SET letters[9] = :s, letters[7] = :t',
    { letters: { L: [...numbers(0, 1, 2, 3).L, { S: 'other' }, { S: 'new' }] } },
  ],
  ['SET doc.a = :s, doc.b = :t', { doc: { M: { ...mapOf(item), a: { S: 'new' }, b: { S: 'other' } } } }],
  ['SET doc.letters[0].deep = :s REMOVE doc.a', { doc: { M: { letters: { L: [{ M: { deep: { S: 'new' } } }] } } } }],
  ['REMOVE doc.absent', {}],
  ['ADD n :one, created :one, colors :set', { n: { N: '3' }, created: { N: '1' }, colors: { SS: ['a', 'b', 'c'] } }],
  ['DELETE colors :set', { colors: { SS: ['a'] } }],
  ['DELETE colors :all, absent :all', { colors: undefined }],
  ['set n = :s', { n: { S: 'new' } }],
])('%s', (expression, changed) => {
  const before = structuredClone(item);
  expect(applyUpdate(changesOf(expression), item, key)).toEqual({ ...item, ...changed });
  expect(item).toEqual(before);
});

function mapOf({ doc }: Item): Item {
  return doc && 'M' in doc ? doc.M : {};
}

test('an item that is not there is made of its key, unless all is removed', () => {
  expect(applyUpdate(changesOf('SET n = :one REMOVE a.b'), undefined, key)).toEqual({ ...key, n: { N: '1' } });
  expect(applyUpdate(changesOf('REMOVE a DELETE b :set'), undefined, key)).toBeUndefined();
  expect(applyUpdate([], undefined, key)).toEqual(key);
});

test.each([
  ['SET n = absent', 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET m = :one, n = m', 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET n = colors + :one', 'An operand in the update expression has an incorrect data type'],
  ['SET n = list_append(n, :list)', 'An operand in the update expression has an incorrect data type'],
  ['ADD letters :one', 'An operand in the update expression has an incorrect data type'],
  ['DELETE n :set', 'An operand in the update expression has an incorrect data type'],
  ['SET absent.a = :one', 'The document path provided in the update expression is invalid for update'],
  ['SET doc[0] = :one', 'The document path provided in the update expression is invalid for update'],
  ['REMOVE letters.a', 'The document path provided in the update expression is invalid for update'],
])('%s does not fit the item', (expression, message) => {
  expect(() => applyUpdate(changesOf(expression), item, key)).toThrow(message);
});

test.each([
  ['HELLO a = :one', 'Syntax error; token: "HELLO", near: "HELLO a"'],
  ['SET a = :one + n + n', 'Syntax error; token: "+", near: "n + n"'],
  ['SET a = if_not_exists(a, n + n)', 'Syntax error; token: "+", near: "n + n"'],
  ['SET _123 = :one', 'Syntax error; token: "_", near: "SET _123"'],
  ['SET a = :one,', 'Syntax error; token: "<EOF>", near: ","'],
  ['SET a[:one] = :one', 'Syntax error; token: ":one", near: "[:one]"'],
  ['ADD a n', 'Syntax error; token: "n", near: "a n"'],
  ['SET a = LIST_APPEND(:list, :list)', 'Invalid function name; function: LIST_APPEND'],
  ['SET a = :one SET b = :one', 'The "SET" section can only be used once in an update expression;'],
  ['SET name = :one', 'Attribute name is a reserved keyword; reserved keyword: name'],
  ['SET #a = :none', 'An expression attribute name used in the document path is not defined; attribute name: #a'],
  ['SET a = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
  [
    'SET a = :one REMOVE a.b',
    'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
  ],
  [
    'SET a[0] = :one, a.b = :one',
    'Two document paths conflict with each other; must remove or rewrite one of these paths; ' +
      'path one: [a, [0]], path two: [a, b]',
  ],
  ['ADD a :s', 'Incorrect operand type for operator or function; operator: ADD, operand type: STRING'],
  ['DELETE a :one', 'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER'],
  ['SET a = a + :s', 'Incorrect operand type for operator or function; operator or function: +, operand type: S'],
  [
    'SET a = list_append(:list)',
    'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
  ],
  [
    'SET a = list_append(list_append(a, b), :list)',
    'The function is not allowed to be used this way in an expression; function: list_append',
  ],
  [
    'SET a = if_not_exists(:one, a)',
    'Operator or function requires a document path; operator or function: if_not_exists',
  ],
])('%j is refused', (expression, message) => {
  expect(() => changesOf(expression)).toThrow(`Invalid UpdateExpression: ${message}`);
});

test('a value is refused where it would reach below the 32nd level', () => {
  const nested = (levels: number): unknown => (levels === 0 ? { S: 'leaf' } : { M: { n: nested(levels - 1) } });
  expect(parseItem({ data: nested(31) })).toEqual({ data: nested(31) });
  expect(() => parseItem({ data: nested(32) })).toThrow('Nesting Levels have exceeded supported limits');
  const given = { UpdateExpression: 'SET doc.deeper = :v', ExpressionAttributeValues: { ':v': nested(31) } };
  const { update = [] } = readExpressions(given, ['UpdateExpression']);
  expect(() => applyUpdate(update, item, key)).toThrow('Nesting Levels have exceeded supported limits');
});

test('a projection keeps what is there, without gaps in lists', () => {
  const { projection = [] } = readExpressions(
    { ProjectionExpression: 'letters[3], doc.letters[0].deep, letters[1], absent.deep, n' },
    ['ProjectionExpression'],
  );
  expect(project(item, projection)).toEqual({
    n: { N: '2' },
    letters: numbers(1, 3),
    doc: { M: { letters: { L: [{ M: { deep: { N: '1' } } }] } } },
  });
  for (const expression of ['a, a.b', 'a[0], a[0]']) {
    expect(() => readExpressions({ ProjectionExpression: expression }, ['ProjectionExpression'])).toThrow(
      'Invalid ProjectionExpression: Two document paths overlap with each other',
    );
  }
});
