import { AwsError } from '../../kernel/aws-error.ts';
import type { Clock } from '../../kernel/clock/clock.ts';
import type { Caller, World } from '../../kernel/service.ts';
import type { Unkindness } from '../../kernel/unkindness.ts';
import { action } from '../../kit/action.ts';
import { flag, integer, list, type Members, oneOf, opaque, optional, required } from '../../kit/reader.ts';
import { addTags, tagList } from '../../kit/tags.ts';
import { describeTable } from './describe-table.ts';
import {
  attributeDefinitions,
  globalIndex,
  keySchema,
  localIndex,
  newTableName,
  tableArn,
  tableName,
  throughput,
} from './members.ts';
import { invalid, invalidParameters } from './refusals.ts';
import { createExpiry } from './expiry.ts';
import { createTableItems, type Propagate } from './table-items.ts';
import { encryptionKey, encryptionMember, streamMember, streamSettings } from './table-options.ts';
import { checkTable, indexDefinition, keySchemaOf } from './table-rules.ts';
import type { TableSettings } from './table-settings.ts';
import type { Table, Tables } from './tables.ts';

const CREATE = {
  TableName: newTableName,
  AttributeDefinitions: required(attributeDefinitions),
  KeySchema: required(keySchema),
  BillingMode: optional(oneOf(['PROVISIONED', 'PAY_PER_REQUEST'])),
  ProvisionedThroughput: optional(throughput),
  LocalSecondaryIndexes: optional(list(localIndex)),
  GlobalSecondaryIndexes: optional(list(globalIndex)),
  OnDemandThroughput: optional(opaque),
  StreamSpecification: optional(streamMember),
  SSESpecification: optional(encryptionMember),
  TableClass: optional(oneOf(['STANDARD', 'STANDARD_INFREQUENT_ACCESS'])),
  DeletionProtectionEnabled: optional(flag),
  Tags: tagList('upper'),
};
type CreateRequest = Members<typeof CREATE>;

const LIST = { ExclusiveStartTableName: optional(tableName), Limit: optional(integer({ min: 1, max: 100 })) };
/** Documented: ListTables, Limit. */
const USUAL_PAGE = 100;

/** AWS counts the items of a table every six hours (documented: DescribeTable, ItemCount). */
const COUNT_EVERY_MS = 6 * 60 * 60 * 1000;

/** CreateTable, DescribeTable, DeleteTable and ListTables. What AWS needs minutes for is done at once. */
export const tableActions = (world: World, tables: Tables) => ({
  CreateTable: action(CREATE, {
    resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
    evidence: 'documented',
    run: (request, caller) => createTable(world, tables, request, caller),
  }),
  DescribeTable: action(
    { TableName: tableName },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'documented',
      run({ TableName }) {
        const table = tables.get(TableName);
        const now = world.clock.now();
        if (now - table.counted.at >= COUNT_EVERY_MS) {
          table.counted = { at: now, items: table.items.entries.length, bytes: table.items.bytes };
        }
        return { Table: describeTable(table) };
      },
    },
  ),
  DeleteTable: action(
    { TableName: tableName },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'documented',
      run({ TableName }) {
        const table = tables.get(TableName);
        if (table.settings.deletionProtection) {
          throw invalid(
            'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
          );
        }
        tables.remove(TableName);
        return { TableDescription: describeTable(table, 'DELETING') };
      },
    },
  ),
  ListTables: action(LIST, {
    evidence: 'documented',
    run({ ExclusiveStartTableName: start, Limit = USUAL_PAGE }) {
      const names = tables.names().filter((name) => start === undefined || name > start);
      const TableNames = names.slice(0, Limit);
      return { TableNames, ...(names.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
    },
  }),
});

async function createTable(world: World, tables: Tables, request: CreateRequest, caller: Caller) {
  for (const member of ['LocalSecondaryIndexes', 'GlobalSecondaryIndexes'] as const) {
    if (request[member]?.length === 0) throw invalidParameters(`List of ${member} is empty`);
  }
  const now = world.clock.now();
  const settings = await settingsOf(world, request, caller, now);
  checkTable(settings, request.ProvisionedThroughput);
  const name = request.TableName;
  if (tables.find(name)) throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
  const items = itemsOf(world, settings);
  const table: Table = {
    name,
    arn: tableArn(caller, name),
    id: world.uuid(),
    createdAt: now / 1000,
    items,
    expiry: createExpiry(world.clock, world.retain, items),
    tags: addTags(new Map(), request.Tags),
    settings,
    timeToLiveAttribute: undefined,
    pointInTimeRecovery: false,
    counted: { at: now, items: 0, bytes: 0 },
  };
  tables.add(table);
  return { TableDescription: describeTable(table, 'CREATING') };
}

async function settingsOf(world: World, request: CreateRequest, caller: Caller, now: number): Promise<TableSettings> {
  const billingMode = request.BillingMode ?? 'PROVISIONED';
  return {
    attributes: request.AttributeDefinitions,
    keySchema: request.KeySchema,
    billingMode,
    wasOnDemand: billingMode === 'PAY_PER_REQUEST',
    throughput: request.ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    localIndexes: request.LocalSecondaryIndexes ?? [],
    globalIndexes: request.GlobalSecondaryIndexes ?? [],
    deletionProtection: request.DeletionProtectionEnabled ?? false,
    tableClass: request.TableClass,
    onDemandThroughput: request.OnDemandThroughput,
    encryptionKeyArn: await encryptionKey(world, caller, request.SSESpecification),
    stream: streamSettings(request.StreamSpecification, undefined, now),
  };
}

const itemsOf = (world: World, { keySchema: schema, attributes, localIndexes, globalIndexes }: TableSettings) =>
  createTableItems(
    keySchemaOf(schema, attributes),
    [
      ...localIndexes.map((index) => indexDefinition('local', index, attributes)),
      ...globalIndexes.map((index) => indexDefinition('global', index, attributes)),
    ],
    world.unkindness && late(world.clock, world.unkindness),
  );

/** One change after the other: none overtakes the one before it. */
function late(clock: Clock, unkindness: Unkindness): Propagate {
  let last = 0;
  return (apply) => {
    last = Math.max(last, clock.now() + unkindness.indexLag());
    clock.at(last, apply);
  };
}
