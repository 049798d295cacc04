import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import type { JsonObject } from '../../kernel/service.ts';

let aws: LocalAws<ManualClock>;
beforeEach(async () => {
  aws = createLocalAws({ clock: 'manual' });
  await aws.call('dynamodb:CreateTable', {
    TableName: 'items',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
});
afterEach(() => aws.close());

const item = (pk: string, value: number) => ({ pk: { S: pk }, sk: { S: 's' }, value: { N: String(value) } });
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: 's' } });
const put = (pk: string, value: number, more: JsonObject = {}) =>
  aws.call('dynamodb:PutItem', { TableName: 'items', Item: item(pk, value), ...more });
const get = async (pk: string) => (await aws.call('dynamodb:GetItem', { TableName: 'items', Key: keyOf(pk) }))['Item'];
const onlyOnce: JsonObject = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

test('a table is active as soon as it is made, in the account and region of the platform', async () => {
  const { Table } = (await aws.call('dynamodb:DescribeTable', { TableName: 'items' })) as { Table: JsonObject };
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/items',
  });
});

test('the loser of a race is told the winner', async () => {
  const outcomes = await Promise.allSettled([1, 2, 3].map((value) => put('a', value, onlyOnce)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  for (const outcome of outcomes.slice(1)) {
    expect((outcome as PromiseRejectedResult).reason).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      details: { Item: item('a', 1) },
    });
  }
});

test('an update and a delete tell it too, and who does not ask is not told', async () => {
  await put('a', 1);
  const input = { TableName: 'items', Key: keyOf('a'), ConditionExpression: 'attribute_not_exists(pk)' };
  const asked = { ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
  for (const action of ['UpdateItem', 'DeleteItem']) {
    await expect(aws.call(`dynamodb:${action}`, asked)).rejects.toMatchObject({ details: { Item: item('a', 1) } });
    await expect(aws.call(`dynamodb:${action}`, input)).rejects.not.toHaveProperty('details.Item');
  }
});

test('a transaction is done whole', async () => {
  await put('old', 1);
  await aws.call('dynamodb:TransactWriteItems', {
    TransactItems: [
      { Put: { TableName: 'items', Item: item('new', 1) } },
      {
        Update: {
          TableName: 'items',
          Key: keyOf('counter'),
          UpdateExpression: 'ADD #v :one',
          ExpressionAttributeNames: { '#v': 'value' },
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Delete: { TableName: 'items', Key: keyOf('old') } },
      { ConditionCheck: { TableName: 'items', Key: keyOf('absent'), ConditionExpression: 'attribute_not_exists(pk)' } },
    ],
  });
  expect(await Promise.all(['new', 'counter', 'old', 'absent'].map(get))).toEqual([
    item('new', 1),
    item('counter', 1),
    undefined,
    undefined,
  ]);
});

test('a transaction that fails leaves nothing behind, and says what failed', async () => {
  await put('kept', 1);
  const transaction = aws.call('dynamodb:TransactWriteItems', {
    TransactItems: [
      { Put: { TableName: 'items', Item: item('kept', 2) } },
      { Put: { TableName: 'items', Item: item('new', 1) } },
      { Put: { TableName: 'items', Item: item('kept2', 2), ConditionExpression: 'attribute_exists(pk)' } },
    ],
  });
  await expect(transaction).rejects.toMatchObject({
    code: 'TransactionCanceledException',
    message: expect.stringContaining('[None, None, ConditionalCheckFailed]') as string,
    details: {
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    },
  });
  expect(await Promise.all(['kept', 'new', 'kept2'].map(get))).toEqual([item('kept', 1), undefined, undefined]);
});

test('what is written beside a transaction is not undone with it', async () => {
  await put('a', 1);
  const failing = { Put: { TableName: 'items', Item: item('b', 1), ConditionExpression: 'attribute_exists(pk)' } };
  const transaction = aws.call('dynamodb:TransactWriteItems', {
    TransactItems: [{ Put: { TableName: 'items', Item: item('a', 2) } }, failing],
  });
  const [outcome] = await Promise.allSettled([transaction, put('a', 3)]);
  expect(outcome.status).toBe('rejected');
  expect(await get('a')).toEqual(item('a', 3));
});

test('a transaction takes each item once, and at least one', async () => {
  const Put = { TableName: 'items', Item: item('a', 1) };
  for (const TransactItems of [[{ Put }, { Put }], []]) {
    const transaction = aws.call('dynamodb:TransactWriteItems', { TransactItems });
    await expect(transaction).rejects.toMatchObject({ code: 'ValidationException' });
  }
});

test('a transaction reads what is there', async () => {
  await put('a', 1);
  const { Responses } = await aws.call('dynamodb:TransactGetItems', {
    TransactItems: ['a', 'b'].map((pk) => ({ Get: { TableName: 'items', Key: keyOf(pk) } })),
  });
  expect(Responses).toEqual([{ Item: item('a', 1) }, {}]);
});

test('time to live and backups are remembered', async () => {
  const TableName = 'items';
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
  await aws.call('dynamodb:UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  expect(await aws.call('dynamodb:DescribeTimeToLive', { TableName })).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
  });
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await aws.call('dynamodb:UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
  expect(await aws.call('dynamodb:DescribeContinuousBackups', { TableName })).toMatchObject({
    ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } },
  });
});

test('DynamoDB refuses in its own words', async () => {
  await expect(aws.call('dynamodb:DescribeTable', { TableName: 'none' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: none not found',
  });
  await expect(put('a', 1, { ConditionExpression: '((' })).rejects.toMatchObject({ code: 'ValidationException' });
});
