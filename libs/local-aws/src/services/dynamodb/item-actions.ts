import { action } from '../../kit/action.ts';
import { flag, json, type Members, oneOf, optional, required, text } from '../../kit/reader.ts';
import { type Item, parseItem } from './attribute-value.ts';
import { consumedCapacity, itemReadUnits, noIndexes, writeUsage } from './capacity.ts';
import { readExpressions } from './expressions/expressions.ts';
import { project } from './expressions/project.ts';
import { commit, type ItemWrite, type PlannedWrite, planWrite, refuseNestedKeys } from './item-write.ts';
import { checkKey } from './key-schema.ts';
import { legacyMembers, refuseLegacyMembers, returnConsumedCapacity, tableArn, tableName } from './members.ts';
import { invalid } from './refusals.ts';
import type { Tables } from './tables.ts';

const WRITE = {
  ...legacyMembers,
  TableName: tableName,
  ConditionExpression: optional(text()),
  ExpressionAttributeNames: optional(json),
  ExpressionAttributeValues: optional(json),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: optional(oneOf(['SIZE', 'NONE'])),
  ReturnValues: optional(oneOf(['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'])),
  ReturnValuesOnConditionCheckFailure: optional(oneOf(['ALL_OLD', 'NONE'])),
};
type WriteRequest = Members<typeof WRITE>;

const GET = {
  ...legacyMembers,
  TableName: tableName,
  Key: required(json),
  ConsistentRead: optional(flag),
  ProjectionExpression: optional(text()),
  ExpressionAttributeNames: optional(json),
  ReturnConsumedCapacity: returnConsumedCapacity,
};

/** PutItem, GetItem, UpdateItem and DeleteItem. */
export const itemActions = (tables: Tables) => ({
  PutItem: action(
    { ...WRITE, Item: required(json) },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'recorded',
      run(request) {
        refuseLegacyMembers(request);
        const given = parseItem(request.Item);
        refuseNewValues(request);
        const expressions = readExpressions(request, ['ConditionExpression']);
        return perform({ kind: 'put', table: tables.forItems(request.TableName), given, expressions }, request);
      },
    },
  ),
  UpdateItem: action(
    { ...WRITE, Key: required(json), UpdateExpression: optional(text()) },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'recorded',
      run(request) {
        refuseLegacyMembers(request);
        const given = parseItem(request.Key);
        const expressions = readExpressions(request, ['UpdateExpression', 'ConditionExpression']);
        return perform({ kind: 'update', table: tables.forItems(request.TableName), given, expressions }, request);
      },
    },
  ),
  DeleteItem: action(
    { ...WRITE, Key: required(json) },
    {
      resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
      evidence: 'recorded',
      run(request) {
        refuseLegacyMembers(request);
        const given = parseItem(request.Key);
        refuseNewValues(request);
        const expressions = readExpressions(request, ['ConditionExpression']);
        return perform({ kind: 'delete', table: tables.forItems(request.TableName), given, expressions }, request);
      },
    },
  ),
  GetItem: action(GET, {
    resources: ({ TableName }, caller) => [tableArn(caller, TableName)],
    evidence: 'recorded',
    run: (request) => getItem(tables, request),
  }),
});

/** Only an update has values that it updated. */
function refuseNewValues({ ReturnValues = 'NONE' }: WriteRequest): void {
  if (ReturnValues !== 'NONE' && ReturnValues !== 'ALL_OLD') throw invalid('ReturnValues can only be ALL_OLD or NONE');
}

function perform(write: Omit<ItemWrite, 'returnsItemOnFailure'>, request: WriteRequest) {
  const plan = planWrite({ ...write, returnsItemOnFailure: request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' });
  commit(plan);
  const { table, before, after } = plan;
  const { schema, indexes } = table.items;
  const asked = request.ReturnConsumedCapacity;
  const usage = asked === undefined ? undefined : writeUsage(before, after, schema, indexes.values());
  return {
    ...present('Attributes', returnedAttributes(write, plan, request.ReturnValues)),
    ...present('ConsumedCapacity', usage && consumedCapacity(table.name, usage, asked)),
    ...(request.ReturnItemCollectionMetrics === 'SIZE' && collectionMetrics(plan)),
  };
}

const present = (name: string, value: object | undefined): object => (value === undefined ? {} : { [name]: value });

function returnedAttributes(
  { expressions }: Pick<ItemWrite, 'expressions'>,
  { before, after }: PlannedWrite,
  asked: WriteRequest['ReturnValues'],
): Item | undefined {
  if (asked === 'ALL_OLD') return before;
  if (asked === 'ALL_NEW') return after;
  const item = asked === 'UPDATED_OLD' ? before : asked === 'UPDATED_NEW' ? after : undefined;
  if (item === undefined) return undefined;
  const updated = project(
    item,
    (expressions.update ?? []).map(({ path }) => path),
  );
  return Object.keys(updated).length === 0 ? undefined : updated;
}

/** Documented: of a table with local indexes, the items of one partition together; the estimate is in whole gigabytes. */
function collectionMetrics({ table, key }: PlannedWrite): object {
  if (![...table.items.indexes.values()].some(({ kind }) => kind === 'local')) return {};
  const { name } = table.items.schema.partition;
  return { ItemCollectionMetrics: { ItemCollectionKey: { [name]: key[name] }, SizeEstimateRangeGB: [0, 1] } };
}

function getItem(tables: Tables, request: Members<typeof GET>) {
  refuseLegacyMembers(request);
  const key = parseItem(request.Key);
  const { projection } = readExpressions(request, ['ProjectionExpression']);
  const table = tables.forItems(request.TableName);
  checkKey(key, table.items.schema);
  refuseNestedKeys(projection ?? [], table.items);
  const entry = table.items.find(key);
  const usage = { table: itemReadUnits(entry?.bytes ?? 0, request.ConsistentRead ?? false), indexes: noIndexes };
  return {
    ...present('Item', entry && (projection ? project(entry.item, projection) : entry.item)),
    ...present('ConsumedCapacity', consumedCapacity(table.name, usage, request.ReturnConsumedCapacity)),
  };
}
