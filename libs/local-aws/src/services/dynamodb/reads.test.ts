import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/service.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';

let aws: LocalAws;
const TableName = 'reads';
const call = (action: string, input: JsonObject): Promise<JsonObject> =>
  aws.call(`dynamodb:${action}`, { TableName, ...input });
const item = (pk: string, sk: number, more: JsonObject = {}) => ({ pk: { S: pk }, sk: { N: String(sk) }, ...more });

/** Two partitions; half of the items are in the index by color, in which many share a key. */
const items = Array.from({ length: 60 }, (_, index) =>
  item(index % 3 === 0 ? 'odd' : 'many', index - 20, {
    shade: { S: 's' },
    ...(index % 2 === 0 && {
      color: { S: index % 4 === 0 ? 'red' : 'blue' },
      rank: { S: index % 8 === 0 ? 'a' : 'ab' },
    }),
  }),
);

beforeAll(async () => {
  aws = createLocalAws({ clock: 'manual' });
  const key = (...names: string[]) =>
    names.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
  await call('CreateTable', {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: key('pk', 'sk'),
    AttributeDefinitions: ['pk', 'sk', 'color', 'rank'].map((AttributeName) => ({
      AttributeName,
      AttributeType: AttributeName === 'sk' ? 'N' : 'S',
    })),
    GlobalSecondaryIndexes: [
      { IndexName: 'by-color', KeySchema: key('color', 'rank'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'by-rank', KeySchema: key('pk', 'rank'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
  });
  for (const Item of items) await call('PutItem', { Item });
});
afterAll(() => aws.close());

const itemsOf = (response: JsonObject) => response['Items'] as JsonObject[];
const sortKeys = (response: JsonObject) => itemsOf(response).map(({ sk }) => Number((sk as { N: string }).N));

async function allPages(action: string, input: JsonObject): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let start: unknown;
  do {
    const page = await call(action, { ...input, ...(start !== undefined && { ExclusiveStartKey: start }) });
    found.push(...itemsOf(page));
    start = page['LastEvaluatedKey'];
  } while (start !== undefined);
  return found;
}

const many = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'many' } } };
const red = {
  IndexName: 'by-color',
  KeyConditionExpression: 'color = :c AND begins_with(#r, :a)',
  ExpressionAttributeNames: { '#r': 'rank' },
  ExpressionAttributeValues: { ':c': { S: 'red' }, ':a': { S: 'a' } },
};

test('pages of any size return each item once, in order', async () => {
  const reads: [string, JsonObject][] = [
    ['Query', many],
    ['Query', { ...many, ScanIndexForward: false }],
    ['Query', red],
    ['Query', { ...red, ScanIndexForward: false }],
    ['Query', { ...many, IndexName: 'by-rank', FilterExpression: 'attribute_exists(color)' }],
    ['Scan', {}],
    ['Scan', { IndexName: 'by-color' }],
    ['Scan', { Segment: 1, TotalSegments: 3 }],
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...reads), fc.integer({ min: 1, max: 70 }), async ([action, input], Limit) => {
      expect(await allPages(action, { ...input, Limit })).toEqual(itemsOf(await call(action, input)));
    }),
  );
});

test('the segments of a scan are all of it', async () => {
  for (const TotalSegments of [1, 2, 7]) {
    const segments = await Promise.all(
      Array.from({ length: TotalSegments }, (_, Segment) => call('Scan', { Segment, TotalSegments })),
    );
    expect(segments.flatMap(itemsOf)).toEqual(itemsOf(await call('Scan', {})));
  }
  expect(itemsOf(await call('Scan', {}))).toHaveLength(60);
});

test.each<[string, JsonObject, (sk: number) => boolean]>([
  ['sk = :a', { ':a': { N: '0' } }, (sk) => sk === 0],
  ['sk < :a', { ':a': { N: '0' } }, (sk) => sk < 0],
  ['sk <= :a', { ':a': { N: '0' } }, (sk) => sk <= 0],
  ['sk > :a', { ':a': { N: '-1.5' } }, (sk) => sk > -1.5],
  [':a <= sk', { ':a': { N: '-1' } }, (sk) => sk >= -1],
  ['sk BETWEEN :a AND :b', { ':a': { N: '-5' }, ':b': { N: '5' } }, (sk) => sk >= -5 && sk <= 5],
])('a query with %s', async (condition, values, holds) => {
  const input = {
    KeyConditionExpression: `pk = :p AND ${condition}`,
    ExpressionAttributeValues: { ':p': { S: 'many' }, ...values },
  };
  const expected = items
    .filter(({ pk }) => pk.S === 'many')
    .map(({ sk }) => Number(sk.N))
    .filter(holds);
  expect(sortKeys(await call('Query', input))).toEqual(expected);
  expect(sortKeys(await call('Query', { ...input, ScanIndexForward: false }))).toEqual(expected.reverse());
});

test('strings are in the order of their UTF-8 bytes, binary in that of bytes', async () => {
  await call('CreateTable', {
    TableName: 'ordered',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'B' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
  const texts = ['a', 'Z', 'é', '\uFFFD', '\u{1F600}', 'ab', '\uE000'];
  for (const sk of texts) {
    await call('PutItem', { TableName: 'ordered', Item: { pk: { B: 'AA==' }, sk: { S: sk } } });
  }
  const found = await call('Query', {
    TableName: 'ordered',
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': { B: 'AA==' } },
  });
  const byBytes = texts.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  expect(itemsOf(found).map(({ sk }) => (sk as { S: string }).S)).toEqual(byBytes);
});

test('a prefix is the beginning of sort keys', async () => {
  const ranks = async (prefix: string) => {
    const values = { ':c': { S: 'red' }, ':a': { S: prefix } };
    const found = await call('Query', { ...red, ExpressionAttributeValues: values });
    return new Set(itemsOf(found).map(({ rank }) => (rank as { S: string }).S));
  };
  expect(await ranks('a')).toEqual(new Set(['a', 'ab']));
  expect(await ranks('ab')).toEqual(new Set(['ab']));
  expect(await ranks('b')).toEqual(new Set());
});

test('an index has the attributes that it projects; a local one fetches the others from the table', async () => {
  const [first] = itemsOf(await call('Query', red));
  expect(Object.keys(first ?? {}).sort()).toEqual(['color', 'pk', 'rank', 'sk']);
  const local = { ...many, IndexName: 'by-rank', Limit: 1 };
  expect(Object.keys(itemsOf(await call('Query', local))[0] ?? {}).sort()).toEqual(['pk', 'rank', 'sk']);
  const fetched = await call('Query', { ...local, ProjectionExpression: 'shade' });
  expect(itemsOf(fetched)).toEqual([{ shade: { S: 's' } }]);
  expect(itemsOf(await call('Query', { ...local, Select: 'ALL_ATTRIBUTES' }))[0]).toHaveProperty('shade');
});

test('a page ends at 1 MB, before the filter', async () => {
  const pk = { S: 'large' };
  for (const sk of [1, 2, 3, 4])
    await call('PutItem', { Item: item('large', sk, { big: { S: 'x'.repeat(399_000) } }) });
  const input = {
    KeyConditionExpression: 'pk = :p',
    FilterExpression: 'attribute_not_exists(big)',
    ExpressionAttributeValues: { ':p': pk },
    ReturnConsumedCapacity: 'TOTAL',
  };
  const page = await call('Query', input);
  expect(page).toMatchObject({ Count: 0, ScannedCount: 3, LastEvaluatedKey: item('large', 3) });
  expect(page['ConsumedCapacity']).toEqual({ TableName, CapacityUnits: 146.5 });
  expect(await call('Query', { ...input, ExclusiveStartKey: item('large', 3) })).not.toHaveProperty('LastEvaluatedKey');
  for (const sk of [1, 2, 3, 4]) await call('DeleteItem', { Key: item('large', sk) });
});

test('a count comes without items', async () => {
  const input = { ...many, FilterExpression: 'attribute_exists(color)', Select: 'COUNT' };
  expect(await call('Query', input)).toEqual({ Count: 20, ScannedCount: 40 });
});

test.each<[string, string, JsonObject, string]>([
  [
    'Query',
    'no key condition',
    {},
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  ],
  ['Query', 'another index', { ...many, IndexName: 'none' }, 'The table does not have the specified index: none'],
  [
    'Query',
    'a consistent read of a global index',
    { ...red, ConsistentRead: true },
    'Consistent reads are not supported on global secondary indexes',
  ],
  [
    'Query',
    'all attributes of a global index',
    { ...red, Select: 'ALL_ATTRIBUTES' },
    'Select type ALL_ATTRIBUTES is not supported for global secondary index by-color because its projection type is not ALL',
  ],
  [
    'Query',
    'an attribute that a global index lacks',
    { ...red, ProjectionExpression: 'shade' },
    'One or more parameter values were invalid: Global secondary index by-color does not project [shade]',
  ],
  [
    'Query',
    'a limit of none',
    { ...many, Limit: 0 },
    "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'Query',
    'attributes and a count',
    { ...many, Select: 'COUNT', ProjectionExpression: 'sk' },
    'Cannot specify the ProjectionExpression when choosing to get only the Count',
  ],
  [
    'Scan',
    'specific attributes without saying which',
    { Select: 'SPECIFIC_ATTRIBUTES' },
    'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
  ],
  [
    'Scan',
    'projected attributes of no index',
    { Select: 'ALL_PROJECTED_ATTRIBUTES' },
    'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
  ],
  [
    'Query',
    'a filter on the key',
    { ...many, FilterExpression: 'sk > pk' },
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: pk',
  ],
  [
    'Query',
    'a start elsewhere',
    { ...many, ExclusiveStartKey: item('odd', 1) },
    'The provided starting key is outside query boundaries based on provided conditions',
  ],
  [
    'Query',
    'a start with a part of the key',
    { ...many, ExclusiveStartKey: { pk: { S: 'many' } } },
    'The provided starting key is invalid',
  ],
  [
    'Scan',
    'a segment of none',
    { Segment: 1 },
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  ],
  [
    'Scan',
    'none of the segments',
    { TotalSegments: 1 },
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
  ],
  ['Scan', 'a segment beyond', { Segment: 2, TotalSegments: 2 }, 'Segment: 2 is not less than TotalSegments: 2'],
])('%s with %s is refused', async (action, _, input, message) => {
  await expect(call(action, input)).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringContaining(message) as string,
  });
});

test.each([
  ['sk = :n', 'Query condition missed key schema element: pk'],
  ['pk = :p AND color = :p', 'Query condition missed key schema element: sk'],
  ['pk > :p', 'Query key condition not supported'],
  ['pk = :n', 'One or more parameter values were invalid: Condition parameter type does not match schema type'],
  ['pk = :p OR sk = :n', 'Invalid operator used in KeyConditionExpression: OR'],
  ['pk = :p AND sk <> :n', 'Invalid operator used in KeyConditionExpression: <>'],
  ['pk = :p AND attribute_exists(sk)', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
  ['pk = :p AND pk = :p', 'KeyConditionExpressions must only contain one condition per key'],
  ['pk = :p AND size(sk) = :n', 'KeyConditionExpressions cannot contain nested operations'],
  ['pk = :p AND sk.x = :n', 'KeyConditionExpressions cannot have conditions on nested attributes'],
  ['pk = sk', 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition'],
  [':p = :n', 'Invalid condition in KeyConditionExpression: No key attribute specified'],
  [
    'pk = :p AND begins_with(:n, :p)',
    'Incorrect operand type for operator or function; operator or function: begins_with',
  ],
])('the key condition %s is refused', async (KeyConditionExpression, message) => {
  const values = Object.entries({ ':p': { S: 'many' }, ':n': { N: '1' } });
  const used = values.filter(([name]) => KeyConditionExpression.includes(name));
  const input = {
    KeyConditionExpression,
    ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
  };
  await expect(call('Query', input)).rejects.toThrow(message);
});
