import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';

let aws: LocalAws<ManualClock>;
beforeEach(() => {
  aws = createLocalAws({ clock: 'manual' });
});
afterEach(() => aws.close());

const TableName = 'table';
const call = (action: string, input: JsonObject = {}): Promise<JsonObject> => aws.call(`dynamodb:${action}`, input);
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' });
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' });
const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const SIMPLE: JsonObject = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [hash('pk')],
  AttributeDefinitions: [text('pk')],
};
const create = (more: JsonObject = {}) => call('CreateTable', { ...SIMPLE, ...more });
const update = (more: JsonObject) => call('UpdateTable', { TableName, ...more });
const describe = async () => (await call('DescribeTable', { TableName }))['Table'] as JsonObject;
const put = (Item: JsonObject) => call('PutItem', { TableName, Item });
const index = (IndexName: string, ...KeySchema: object[]) => ({
  IndexName,
  KeySchema,
  Projection: { ProjectionType: 'ALL' },
});

test('a table shows what it was made with', async () => {
  const created = await create({
    KeySchema: [hash('pk'), range('sk')],
    AttributeDefinitions: [text('pk'), text('sk'), text('g')],
    GlobalSecondaryIndexes: [index('by-g', hash('g'))],
    LocalSecondaryIndexes: [index('by-l', hash('pk'), range('g'))],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    DeletionProtectionEnabled: true,
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  expect(created['TableDescription']).toMatchObject({
    TableStatus: 'CREATING',
    GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }],
  });
  const arn = 'arn:aws:dynamodb:us-east-1:123456789012:table/table';
  expect(await describe()).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: arn,
    ItemCount: 0,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-g', IndexStatus: 'ACTIVE', IndexArn: `${arn}/index/by-g` }],
    LocalSecondaryIndexes: [{ IndexName: 'by-l' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    LatestStreamArn: expect.stringContaining(`${arn}/stream/20`) as string,
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    DeletionProtectionEnabled: true,
  });
  expect(await call('ListTagsOfResource', { ResourceArn: arn })).toEqual({ Tags: [{ Key: 'team', Value: 'a' }] });
  await expect(call('DeleteTable', { TableName })).rejects.toThrow('currently protected against deletion');
  await update({ DeletionProtectionEnabled: false });
  expect(await call('DeleteTable', { TableName })).toMatchObject({ TableDescription: { TableStatus: 'DELETING' } });
  await expect(describe()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

const THROUGHPUT = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
test.each<[string, JsonObject, string]>([
  [
    'no throughput',
    { BillingMode: undefined },
    'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  ],
  [
    'throughput on demand',
    { ProvisionedThroughput: THROUGHPUT },
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  ],
  [
    'a short name',
    { TableName: 'ab' },
    "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  ],
  [
    'a key of no type',
    { KeySchema: [hash('pk')], AttributeDefinitions: [text('x')] },
    'Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], AttributeDefinitions: [x]',
  ],
  [
    'a key twice',
    { KeySchema: [hash('pk'), range('pk')] },
    'Invalid KeySchema: Some index key attribute have no definition',
  ],
  [
    'an attribute too many',
    { AttributeDefinitions: [text('pk'), text('x')] },
    'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  ],
  [
    'keys the other way around',
    { KeySchema: [range('pk')] },
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  ],
  [
    'another kind of key',
    { KeySchema: [{ AttributeName: 'pk', KeyType: 'X' }] },
    "Value 'X' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]",
  ],
  [
    'a local index without a sort key',
    { LocalSecondaryIndexes: [index('loc', hash('pk'), range('x'))], AttributeDefinitions: [text('pk'), text('x')] },
    'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
  ],
  ['no index', { GlobalSecondaryIndexes: [] }, 'List of GlobalSecondaryIndexes is empty'],
  [
    'an index twice',
    { GlobalSecondaryIndexes: [index('glo', hash('pk')), index('glo', hash('pk'))] },
    'Duplicate index name: glo',
  ],
  [
    'an index of nothing',
    { GlobalSecondaryIndexes: [{ ...index('glo', hash('pk')), Projection: {} }] },
    'Unknown ProjectionType: null',
  ],
  [
    'a key that is not there',
    { SSESpecification: { Enabled: true, KMSMasterKeyId: 'none' } },
    'KMS key none cannot be used',
  ],
])('a table with %s is refused', async (_, more, message) => {
  await expect(create(more)).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringContaining(message) as string,
  });
});

test('a name is taken once', async () => {
  await create();
  await expect(create()).rejects.toMatchObject({ code: 'ResourceInUseException' });
});

test('tables are listed by name, page by page', async () => {
  for (const name of ['tab-c', 'tab-a', 'tab-b']) await create({ TableName: name });
  expect(await call('ListTables', { Limit: 2 })).toEqual({
    TableNames: ['tab-a', 'tab-b'],
    LastEvaluatedTableName: 'tab-b',
  });
  expect(await call('ListTables', { ExclusiveStartTableName: 'tab-b' })).toEqual({ TableNames: ['tab-c'] });
});

test('an index that is added has the items that were there, and refuses others from then on', async () => {
  await create();
  await put({ pk: { S: 'a' }, g: { S: 'x' } });
  await put({ pk: { S: 'b' }, g: { N: '1' } });
  await put({ pk: { S: 'c' } });
  const Create = index('by-g', hash('g'));
  await expect(update({ GlobalSecondaryIndexUpdates: [{ Create }] })).rejects.toThrow('AttributeDefinitions');
  const AttributeDefinitions = [text('g')];
  expect(await update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] })).toMatchObject({
    TableDescription: { TableStatus: 'UPDATING', GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }] },
  });
  expect(await describe()).toMatchObject({
    AttributeDefinitions: [text('pk'), text('g')],
    GlobalSecondaryIndexes: [{ IndexName: 'by-g', IndexStatus: 'ACTIVE' }],
  });
  const scan = await call('Scan', { TableName, IndexName: 'by-g' });
  expect(scan['Items']).toEqual([{ pk: { S: 'a' }, g: { S: 'x' } }]);
  await expect(put({ pk: { S: 'd' }, g: { N: '1' } })).rejects.toThrow('Type mismatch for Index Key g');
  await expect(update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] })).rejects.toThrow(
    'already exists',
  );
  await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-g' } }] });
  expect(await describe()).not.toHaveProperty('GlobalSecondaryIndexes');
  expect(await describe()).toMatchObject({ AttributeDefinitions: [text('pk')] });
  await put({ pk: { S: 'd' }, g: { N: '1' } });
});

test('a table changes how it is paid', async () => {
  await create();
  const provisioned = { BillingMode: 'PROVISIONED', ProvisionedThroughput: THROUGHPUT };
  await update(provisioned);
  expect(await describe()).toMatchObject({
    BillingModeSummary: { BillingMode: 'PROVISIONED' },
    ProvisionedThroughput: THROUGHPUT,
  });
  await expect(update(provisioned)).rejects.toThrow('The provisioned throughput for the table will not change');
  await update({ BillingMode: 'PAY_PER_REQUEST' });
  expect(await describe()).toMatchObject({ ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 } });
  await expect(update({})).rejects.toThrow('At least one of ProvisionedThroughput, BillingMode');
  await expect(update({ GlobalSecondaryIndexUpdates: [{}] })).rejects.toThrow(
    'One of GlobalSecondaryIndexUpdate.Update',
  );
  await expect(update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'none' } }] })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});

test('a table is encrypted with a key of its owner', async () => {
  const { KeyMetadata } = await aws.call('kms:CreateKey', {});
  const { Arn, KeyId } = KeyMetadata as { Arn: string; KeyId: string };
  await create({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: KeyId } });
  expect(await describe()).toMatchObject({
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: Arn },
  });
  await update({ SSESpecification: { Enabled: false } });
  expect(await describe()).not.toHaveProperty('SSEDescription');
});

test('items are counted every six hours', async () => {
  await create();
  await put({ pk: { S: 'a' } });
  expect(await describe()).toMatchObject({ ItemCount: 0, TableSizeBytes: 0 });
  await aws.clock.advance(6 * 60 * 60 * 1000);
  expect(await describe()).toMatchObject({ ItemCount: 1, TableSizeBytes: 3 });
});

test('tags and time to live are refused in their own words', async () => {
  await create();
  const ResourceArn = 'arn:aws:dynamodb:us-east-1:123456789012:table/table';
  await call('TagResource', {
    ResourceArn,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await call('UntagResource', { ResourceArn, TagKeys: ['a'] });
  expect(await call('ListTagsOfResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  await expect(call('TagResource', { ResourceArn, Tags: [] })).rejects.toThrow('Atleast one Tag needs to be provided');
  await expect(call('TagResource', { ResourceArn: 'x', Tags: [] })).rejects.toThrow('Invalid TableArn');
  await expect(call('ListTagsOfResource', { ResourceArn: `${ResourceArn}s` })).rejects.toThrow('ResourcArn');
  const timeToLive = (Enabled: boolean, AttributeName: string) =>
    call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { Enabled, AttributeName } });
  await expect(timeToLive(false, 'at')).rejects.toThrow('TimeToLive is already disabled');
  await timeToLive(true, 'at');
  await expect(timeToLive(true, 'at')).rejects.toThrow('TimeToLive is already enabled');
  await expect(timeToLive(true, 'on')).rejects.toThrow('TimeToLive is active on a different AttributeName');
  await expect(call('DescribeContinuousBackups', { TableName: 'none' })).rejects.toMatchObject({
    code: 'TableNotFoundException',
  });
});
