import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';

let aws: LocalAws<ManualClock>;
const TableName = 'items';
const call = (action: string, input: JsonObject): Promise<JsonObject> => aws.call(`dynamodb:${action}`, input);
const key = (pk: string, sk = 1) => ({ pk: { S: pk }, sk: { N: String(sk) } });
const put = (Item: JsonObject, more: JsonObject = {}) => call('PutItem', { TableName, Item, ...more });
const get = async (Key: JsonObject) => (await call('GetItem', { TableName, Key }))['Item'];

beforeAll(async () => {
  aws = createLocalAws({ clock: 'manual' });
  await call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'group', AttributeType: 'S' },
      { AttributeName: 'local', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-group',
        KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['shown'] },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-local',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'local', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});
afterAll(() => aws.close());

test.each<[string, JsonObject, string]>([
  [
    'no table',
    { TableName: undefined },
    "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
  ],
  ['no item', { Item: undefined }, "Value null at 'item' failed to satisfy constraint: Member must not be null"],
  [
    'a bad name of a table',
    { TableName: '/table' },
    "1 validation error detected: Value '/table' at 'tableName' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
  ],
  ['no key', { Item: { pk: { S: 'a' } } }, 'One or more parameter values were invalid: Missing the key sk in the item'],
  [
    'a key of another type',
    { Item: { ...key('a'), sk: { S: '1' } } },
    'One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S',
  ],
  [
    'an empty key',
    { Item: key('') },
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string ' +
      'value. Key: pk',
  ],
  [
    'a long key',
    { Item: key('é'.repeat(1025)) },
    'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
  ],
  [
    'an index key of another type',
    { Item: { ...key('a'), group: { N: '1' } } },
    'One or more parameter values were invalid: Type mismatch for Index Key group Expected: S Actual: N IndexName: by-group',
  ],
  [
    'an empty index key',
    { Item: { ...key('a'), local: { S: '' } } },
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The ' +
      'AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-local, IndexKey: local',
  ],
  [
    'an item over 400 KB',
    { Item: { ...key('a'), big: { S: 'x'.repeat(409_600) } } },
    'Item size has exceeded the maximum allowed size',
  ],
  [
    'no value',
    { Item: { ...key('a'), a: {} } },
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  ],
  [
    'two values',
    { Item: { ...key('a'), a: { S: 'a', N: '1' } } },
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  ],
  [
    'an empty set',
    { Item: { ...key('a'), a: { SS: [] } } },
    'One or more parameter values were invalid: An string set  may not be empty',
  ],
  [
    'a set with duplicates',
    { Item: { ...key('a'), a: { SS: ['a', 'a'] } } },
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
  ],
  [
    'numbers that are duplicates',
    { Item: { ...key('a'), a: { NS: ['1', '1.0'] } } },
    'Input collection contains duplicates',
  ],
  ['new values of a put', { ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
  [
    'another word',
    { ReturnValues: 'SOME' },
    "1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]',
  ],
  [
    'a legacy parameter',
    { Expected: {} },
    'Local AWS does not have the legacy parameter Expected: use ConditionExpression',
  ],
  [
    'a legacy parameter beside an expression',
    { Expected: {}, ConditionExpression: 'attribute_exists(pk)' },
    'Can not use both expression and non-expression parameters in the same request: ' +
      'Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
  ],
])('a put with %s is refused', async (_, input, message) => {
  await expect(put({ ...key('a') }, input)).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringContaining(message) as string,
  });
});

test('a value of the wrong JSON type is no value', async () => {
  for (const value of [{ N: 1 }, { B: 'x' }, { SS: 'a' }, { M: [] }, { BOOL: 'maybe' }, 'text']) {
    await expect(put({ ...key('a'), value })).rejects.toMatchObject({ code: 'SerializationException' });
  }
});

test('an item comes back as it was put, numbers in plain digits', async () => {
  const Item = {
    ...key('all'),
    S: { S: '' },
    N: { N: '-0.5' },
    B: { B: 'AP8=' },
    SS: { SS: ['b', 'a'] },
    NS: { NS: ['2', '1'] },
    BS: { BS: ['AA=='] },
    L: { L: [{ NULL: true }, { BOOL: false }] },
    M: { M: { constructor: { S: 'x' } } },
    ['__proto__']: { S: 'y' },
  };
  await put({ ...Item, N: { N: '-5e-1' } });
  expect(await get(key('all'))).toEqual(Item);
});

test.each<[string, string, JsonObject, string]>([
  ['GetItem', 'a part of a key', { Key: { pk: { S: 'a' } } }, 'The provided key element does not match the schema'],
  [
    'DeleteItem',
    'more than a key',
    { Key: { ...key('a'), x: { S: 'x' } } },
    'The provided key element does not match the schema',
  ],
  ['GetItem', 'another table', { TableName: 'none', Key: key('a') }, 'Requested resource not found'],
  [
    'UpdateItem',
    'a change of the key',
    { Key: key('a'), UpdateExpression: 'REMOVE sk' },
    'One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
  ],
  [
    'GetItem',
    'a path into a key',
    { Key: key('a'), ProjectionExpression: 'pk.x' },
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
  ],
  [
    'UpdateItem',
    'another type for an index key',
    {
      Key: key('a'),
      UpdateExpression: 'SET #g = :n',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':n': { N: '1' } },
    },
    'One or more parameter values were invalid: Type mismatch for Index Key group Expected: S Actual: N IndexName: by-group',
  ],
  [
    'UpdateItem',
    'an attribute of another type for an index key',
    { Key: key('a'), UpdateExpression: 'SET #g = sk', ExpressionAttributeNames: { '#g': 'group' } },
    'The update expression attempted to update the secondary index key to unsupported type',
  ],
  [
    'UpdateItem',
    'an empty index key',
    {
      Key: key('a'),
      UpdateExpression: 'SET #g = :e',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':e': { S: '' } },
    },
    'The update expression attempted to update a secondary index key to a value that is not supported.',
  ],
  [
    'UpdateItem',
    'too much',
    {
      Key: key('a'),
      UpdateExpression: 'SET big = :b',
      ExpressionAttributeValues: { ':b': { S: 'x'.repeat(409_600) } },
    },
    'Item size to update has exceeded the maximum allowed size',
  ],
])('%s with %s is refused', async (action, _, input, message) => {
  await expect(call(action, { TableName, ...input })).rejects.toThrow(message);
  expect(await get(key('a'))).toBeUndefined();
});

test('an update returns what it is asked for', async () => {
  await put({ ...key('returns'), a: { S: 'old' }, list: { L: [{ N: '1' }, { N: '2' }] }, keep: { S: 'k' } });
  const update = async (ReturnValues: string, UpdateExpression: string) =>
    (
      await call('UpdateItem', {
        TableName,
        Key: key('returns'),
        UpdateExpression,
        ReturnValues,
        ExpressionAttributeNames: { '#l': 'list' },
        ExpressionAttributeValues: { ':v': { S: ReturnValues } },
      })
    )['Attributes'];
  const rest = { ...key('returns'), keep: { S: 'k' } };
  expect(await update('UPDATED_OLD', 'SET a = :v, #l[1] = :v')).toEqual({ a: { S: 'old' }, list: { L: [{ N: '2' }] } });
  expect(await update('UPDATED_NEW', 'SET a = :v REMOVE #l[1]')).toEqual({ a: { S: 'UPDATED_NEW' } });
  expect(await update('ALL_OLD', 'SET a = :v REMOVE #l')).toEqual({
    ...rest,
    a: { S: 'UPDATED_NEW' },
    list: { L: [{ N: '1' }] },
  });
  expect(await update('ALL_NEW', 'SET a = :v REMOVE #l')).toEqual({ ...rest, a: { S: 'ALL_NEW' } });
  expect(await update('UPDATED_OLD', 'SET fresh = :v REMOVE #l')).toBeUndefined();
  expect(await update('NONE', 'SET a = :v REMOVE #l')).toBeUndefined();
});

test('writes cost what they store in the table and in each index', async () => {
  const units = async (action: string, input: JsonObject) => {
    const { ConsumedCapacity } = await call(action, { TableName, ReturnConsumedCapacity: 'INDEXES', ...input });
    return ConsumedCapacity;
  };
  const table = (CapacityUnits: number, indexes: JsonObject = {}, own = CapacityUnits) => ({
    TableName,
    CapacityUnits,
    Table: { CapacityUnits: own },
    ...indexes,
  });
  const global = (CapacityUnits: number) => ({ GlobalSecondaryIndexes: { 'by-group': { CapacityUnits } } });
  const local = (CapacityUnits: number) => ({ LocalSecondaryIndexes: { 'by-local': { CapacityUnits } } });
  const Item = { ...key('cost'), group: { S: 'g' }, local: { S: 'l' }, shown: { S: 's' } };
  const update = (UpdateExpression: string, value = 'new') => ({
    Key: key('cost'),
    UpdateExpression,
    ExpressionAttributeValues: { ':v': { S: value } },
    ...(UpdateExpression.includes('#') && { ExpressionAttributeNames: { '#g': 'group' } }),
  });
  expect(await units('PutItem', { Item })).toEqual(table(3, { ...global(1), ...local(1) }, 1));
  expect(await units('PutItem', { Item })).toEqual(table(1));
  expect(await units('UpdateItem', update('SET inner1 = :v'))).toEqual(table(2, local(1), 1));
  expect(await units('UpdateItem', update('SET shown = :v'))).toEqual(table(3, { ...global(1), ...local(1) }, 1));
  expect(await units('UpdateItem', update('SET #g = :v'))).toEqual(table(4, { ...global(2), ...local(1) }, 1));
  expect(await units('UpdateItem', update('SET inner1 = :v', 'x'.repeat(2000)))).toEqual(table(4, local(2), 2));
  expect(await units('GetItem', { Key: key('cost') })).toEqual(table(0.5));
  expect(await units('GetItem', { Key: key('none'), ConsistentRead: true })).toEqual(table(1));
  expect(await units('DeleteItem', { Key: key('cost') })).toEqual(table(5, { ...global(1), ...local(2) }, 2));
});

test('a batch reads and writes each item once', async () => {
  const writes = ['b1', 'b2'].map((pk) => ({ PutRequest: { Item: key(pk) } }));
  expect(await call('BatchWriteItem', { RequestItems: { items: writes }, ReturnConsumedCapacity: 'TOTAL' })).toEqual({
    UnprocessedItems: {},
    ConsumedCapacity: [{ TableName, CapacityUnits: 2 }],
  });
  await call('BatchWriteItem', { RequestItems: { items: [{ DeleteRequest: { Key: key('b2') } }] } });
  const Keys = ['b1', 'b2'].map((pk) => key(pk));
  expect(await call('BatchGetItem', { RequestItems: { items: { Keys, ProjectionExpression: 'pk' } } })).toEqual({
    Responses: { items: [{ pk: { S: 'b1' } }] },
    UnprocessedKeys: {},
  });
  for (const [action, RequestItems, message] of [
    ['BatchGetItem', { items: { Keys: [key('a'), key('a')] } }, 'Provided list of item keys contains duplicates'],
    ['BatchWriteItem', { items: [writes[0], writes[0]] }, 'Provided list of item keys contains duplicates'],
    ['BatchWriteItem', {}, 'The requestItems parameter is required for BatchWriteItem'],
    ['BatchWriteItem', { items: [{}] }, 'Supplied AttributeValue has more than one datatypes set'],
    ['BatchWriteItem', { items: Array(26).fill(writes[0]) }, 'Member must have length less than or equal to 25'],
    [
      'BatchGetItem',
      { items: { Keys: Array(101).fill(key('a')) } },
      'Member must have length less than or equal to 100',
    ],
    [
      'BatchWriteItem',
      { items: [{ PutRequest: { Item: { pk: { S: 'a' } } } }] },
      'The provided key element does not match the schema',
    ],
  ] as const) {
    await expect(call(action, { RequestItems })).rejects.toThrow(message);
  }
});

test('a transaction says of each item why it is cancelled, and an empty key at once', async () => {
  await put({ ...key('tx'), a: { S: 'is there' } });
  const transact = (...TransactItems: JsonObject[]) => call('TransactWriteItems', { TransactItems });
  const Update = { TableName, Key: key('tx'), UpdateExpression: 'SET a = b' };
  await expect(
    transact(
      { Put: { TableName, Item: { pk: { S: 'x' }, sk: { S: 'x' } } } },
      { Update },
      { Delete: { TableName, Key: key('tx', 2) } },
      { ConditionCheck: { TableName, Key: key('tx', 3), ConditionExpression: 'attribute_exists(pk)' } },
    ),
  ).rejects.toMatchObject({
    code: 'TransactionCanceledException',
    message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      '[ValidationError, ValidationError, None, ConditionalCheckFailed]',
    details: {
      CancellationReasons: [
        {
          Code: 'ValidationError',
          Message: 'One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S',
        },
        {
          Code: 'ValidationError',
          Message: 'The provided expression refers to an attribute that does not exist in the item',
        },
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    },
  });
  await expect(transact({ Put: { TableName, Item: key('') } })).rejects.toMatchObject({ code: 'ValidationException' });
  await expect(transact({ Put: { TableName: 'none', Item: key('a') } })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
  await expect(transact({ Put: { TableName, Item: key('a') }, Update })).rejects.toThrow(
    'TransactItems can only contain one of Check, Put, Update or Delete',
  );
});

test('a transaction is done once for a token, for ten minutes, and costs twice', async () => {
  const increment = (by: string) => ({
    ClientRequestToken: 'token',
    ReturnConsumedCapacity: 'TOTAL',
    TransactItems: [
      {
        Update: {
          TableName,
          Key: key('counter'),
          UpdateExpression: 'ADD n :by',
          ExpressionAttributeValues: { ':by': { N: by } },
        },
      },
    ],
  });
  expect(await call('TransactWriteItems', increment('1'))).toEqual({
    ConsumedCapacity: [{ TableName, CapacityUnits: 2, WriteCapacityUnits: 2 }],
  });
  await call('TransactWriteItems', increment('1'));
  expect(await get(key('counter'))).toMatchObject({ n: { N: '1' } });
  await expect(call('TransactWriteItems', increment('2'))).rejects.toMatchObject({
    code: 'IdempotentParameterMismatchException',
  });
  await aws.clock.advance(10 * 60 * 1000);
  await call('TransactWriteItems', increment('2'));
  expect(await get(key('counter'))).toMatchObject({ n: { N: '3' } });
});
