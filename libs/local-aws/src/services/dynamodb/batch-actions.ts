import { action } from '../../kit/action.ts';
import {
  type Check,
  flag,
  json,
  list,
  mapOf,
  type Members,
  oneOf,
  optional,
  required,
  structure,
  text,
} from '../../kit/reader.ts';
import { type Item, parseItem } from './attribute-value.ts';
import { addUsage, consumedCapacity, itemReadUnits, noIndexes, type Usage, writeUsage } from './capacity.ts';
import { tieOf } from './entries.ts';
import { readExpressions } from './expressions/expressions.ts';
import { project } from './expressions/project.ts';
import { commit, type ItemWrite, type PlannedWrite, planWrite, refuseNestedKeys } from './item-write.ts';
import { checkKey, type KeySchema, placeOf, schemaMismatch } from './key-schema.ts';
import { legacyMembers, refuseLegacyMembers, returnConsumedCapacity, tableArn } from './members.ts';
import { invalid } from './refusals.ts';
import type { Table, Tables } from './tables.ts';

/** Documented: BatchGetItem and BatchWriteItem. */
const MAX_KEYS = 100;
const MAX_WRITES = 25;
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

const KEYS = structure({
  AttributesToGet: legacyMembers.AttributesToGet,
  Keys: required(list(json, { min: 1, max: MAX_KEYS })),
  ConsistentRead: optional(flag),
  ProjectionExpression: optional(text()),
  ExpressionAttributeNames: optional(json),
});
const GET = { RequestItems: required(mapOf(KEYS)), ReturnConsumedCapacity: returnConsumedCapacity };

const WRITE_REQUEST = structure({
  PutRequest: optional(structure({ Item: required(json) })),
  DeleteRequest: optional(structure({ Key: required(json) })),
});
const WRITE = {
  RequestItems: required(mapOf(list(WRITE_REQUEST, { min: 1, max: MAX_WRITES }))),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: optional(oneOf(['SIZE', 'NONE'])),
};

const NO_EXPRESSIONS = readExpressions({}, []);

/** BatchGetItem and BatchWriteItem: nothing is left unprocessed but what does not fit into 16 MB. */
export const batchActions = (tables: Tables) => ({
  BatchGetItem: action(GET, {
    resources: ({ RequestItems }, caller) => Object.keys(RequestItems).map((name) => tableArn(caller, name)),
    evidence: 'documented',
    run: (request) => batchGet(tables, request),
  }),
  BatchWriteItem: action(WRITE, {
    resources: ({ RequestItems }, caller) => Object.keys(RequestItems).map((name) => tableArn(caller, name)),
    evidence: 'documented',
    run: (request) => batchWrite(tables, request),
  }),
});

function refuseEmpty(requestItems: object, action: string): void {
  if (Object.keys(requestItems).length === 0) {
    throw invalid(`The requestItems parameter is required for ${action}`);
  }
}

function batchGet(tables: Tables, { RequestItems, ReturnConsumedCapacity: asked }: Members<typeof GET>) {
  refuseEmpty(RequestItems, 'BatchGetItem');
  const count = Object.values(RequestItems).reduce((sum, { Keys }) => sum + Keys.length, 0);
  if (count > MAX_KEYS) throw invalid('Too many items requested for the BatchGetItem call');
  let bytes = 0;
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, object> = {};
  const ConsumedCapacity: object[] = [];
  for (const [given, request] of Object.entries(RequestItems)) {
    const { table, keys, projection } = readKeys(tables, given, request);
    const found: Item[] = [];
    const left: Item[] = [];
    let units = 0;
    for (const key of keys) {
      const entry = table.items.find(key);
      if (bytes + (entry?.bytes ?? 0) > MAX_RESPONSE_BYTES) {
        left.push(key);
        continue;
      }
      bytes += entry?.bytes ?? 0;
      units += itemReadUnits(entry?.bytes ?? 0, request.ConsistentRead ?? false);
      if (entry) found.push(projection ? project(entry.item, projection) : entry.item);
    }
    Responses[given] = found;
    if (left.length > 0) UnprocessedKeys[given] = { ...request, Keys: left };
    ConsumedCapacity.push(...capacityOf(table, { table: units, indexes: noIndexes }, asked));
  }
  return { Responses, UnprocessedKeys, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
}

const capacityOf = (table: Table, usage: Usage, asked: Members<typeof GET>['ReturnConsumedCapacity']): object[] =>
  [consumedCapacity(table.name, usage, asked)].filter((capacity) => capacity !== undefined);

type KeysRequest = typeof KEYS extends Check<infer T> ? T : never;

function readKeys(tables: Tables, name: string, request: KeysRequest) {
  refuseLegacyMembers(request);
  const keys = request.Keys.map((key) => parseItem(key));
  const { projection } = readExpressions(request, ['ProjectionExpression']);
  const table = tables.forItems(name);
  for (const key of keys) checkKey(key, table.items.schema);
  refuseNestedKeys(projection ?? [], table.items);
  refuseDuplicates(keys, table.items.schema);
  return { table, keys, projection };
}

function refuseDuplicates(keys: readonly Item[], schema: KeySchema): void {
  const places = new Set(
    keys.map((key) => {
      const place = placeOf(key, schema);
      return place && tieOf(place);
    }),
  );
  if (places.size < keys.length) throw invalid('Provided list of item keys contains duplicates');
}

function batchWrite(tables: Tables, { RequestItems, ReturnConsumedCapacity: asked }: Members<typeof WRITE>) {
  refuseEmpty(RequestItems, 'BatchWriteItem');
  const count = Object.values(RequestItems).reduce((sum, { length }) => sum + length, 0);
  if (count > MAX_WRITES) throw invalid('Too many items requested for the BatchWriteItem call');
  const writes = Object.entries(RequestItems).map(([name, requests]) => {
    const given = requests.map(readWrite);
    const table = tables.forItems(name);
    return { table, plans: given.map((write) => plan({ ...write, table })) };
  });
  for (const { table, plans } of writes) {
    refuseDuplicates(
      plans.map(({ key }) => key),
      table.items.schema,
    );
  }
  const ConsumedCapacity = writes.flatMap(({ table, plans }) => capacityOf(table, usageOf(plans), asked));
  for (const { plans } of writes) plans.forEach(commit);
  return { UnprocessedItems: {}, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
}

type WriteRequest = typeof WRITE_REQUEST extends Check<infer T> ? T : never;

function readWrite({ PutRequest, DeleteRequest }: WriteRequest): Omit<ItemWrite, 'table'> {
  const common = { expressions: NO_EXPRESSIONS, returnsItemOnFailure: false };
  if (PutRequest && !DeleteRequest) return { ...common, kind: 'put', given: parseItem(PutRequest.Item) };
  if (DeleteRequest && !PutRequest) return { ...common, kind: 'delete', given: parseItem(DeleteRequest.Key) };
  throw invalid(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}

/** Recorded: here a key that is missing or of a wrong type is told in other words than by PutItem. */
function plan(write: ItemWrite): PlannedWrite {
  const { schema } = write.table.items;
  if (placeOf(write.given, schema) === undefined) throw schemaMismatch();
  return planWrite(write);
}

const usageOf = (plans: readonly PlannedWrite[]): Usage =>
  plans
    .map(({ table, before, after }) => writeUsage(before, after, table.items.schema, table.items.indexes.values()))
    .reduce(addUsage);
