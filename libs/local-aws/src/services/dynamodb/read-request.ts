import { flag, integer, json, type Members, oneOf, optional, text } from '../../kit/reader.ts';
import { attributeOf, type Item, parseItem } from './attribute-value.ts';
import { consumedCapacity, readUnits, type Usage } from './capacity.ts';
import { type Entries, type Entry, indexPosition, type Position } from './entries.ts';
import type { Expressions } from './expressions/expressions.ts';
import type { Path } from './expressions/syntax.ts';
import { refuseNestedKeys } from './item-write.ts';
import { attributesOf, checkKey, keyOf, type KeySchema, scalarAt, schemaMismatch } from './key-schema.ts';
import { indexName, legacyMembers, returnConsumedCapacity, tableName } from './members.ts';
import { type Page, readPage } from './read-page.ts';
import { invalid, invalidParameters } from './refusals.ts';
import type { SecondaryIndex } from './secondary-index.ts';
import type { Table } from './tables.ts';
import { AwsError } from '../../kernel/aws-error.ts';

/** The members that Query and Scan share. */
export const READ = {
  ...legacyMembers,
  TableName: tableName,
  IndexName: optional(indexName),
  Select: optional(oneOf(['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'])),
  Limit: optional(integer({ min: 1 })),
  ConsistentRead: optional(flag),
  ExclusiveStartKey: optional(json),
  FilterExpression: optional(text()),
  ProjectionExpression: optional(text()),
  ExpressionAttributeNames: optional(json),
  ExpressionAttributeValues: optional(json),
  ReturnConsumedCapacity: returnConsumedCapacity,
};
export type ReadRequest = Members<typeof READ>;

/** What a query or scan reads. */
export interface Source {
  readonly table: Table;
  /** Undefined where the table itself is read. */
  readonly index: SecondaryIndex | undefined;
  readonly schema: KeySchema;
  readonly entries: Entries;
}

/** @throws {AwsError} ValidationException */
export function sourceOf(table: Table, { IndexName, ConsistentRead }: ReadRequest): Source {
  if (IndexName === undefined)
    return { table, index: undefined, schema: table.items.schema, entries: table.items.entries };
  const index = table.items.indexes.get(IndexName);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${IndexName}`);
  if (index.kind === 'global' && ConsistentRead === true) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  return { table, index, schema: index.schema, entries: index.entries };
}

/** @throws {AwsError} ValidationException: recorded by the dynamodb-conformance suite */
export function refuseSelect({ Select, IndexName, ProjectionExpression }: ReadRequest): void {
  const isProjected = ProjectionExpression !== undefined;
  if (isProjected && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES') {
    throw invalid(
      `Cannot specify the ProjectionExpression when choosing to get ${Select === 'COUNT' ? 'only the Count' : Select}`,
    );
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (Select === 'SPECIFIC_ATTRIBUTES' && !isProjected) {
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
}

/**
 * Returns whether attributes that an index lacks are to be fetched from its table, which only local indexes do.
 * @throws {AwsError} ValidationException where a global index is asked for what it lacks
 */
function fetchesAll(
  { index, table }: Source,
  { Select }: ReadRequest,
  projection: readonly Path[] | undefined,
): boolean {
  if (index === undefined || index.projection.ProjectionType === 'ALL') return false;
  const wantsAll = Select === 'ALL_ATTRIBUTES';
  const lacking = missingFrom(index, table.items.schema, projection ?? []);
  if (index.kind === 'local') return wantsAll || lacking.length > 0;
  if (wantsAll) {
    throw invalidParameters(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} ` +
        'because its projection type is not ALL',
    );
  }
  if (lacking.length === 0) return false;
  throw invalidParameters(`Global secondary index ${index.name} does not project [${lacking.join(', ')}]`);
}

function missingFrom(index: SecondaryIndex, table: KeySchema, projection: readonly Path[]): string[] {
  const known = new Set([
    ...[...attributesOf(table), ...attributesOf(index.schema)].map(({ name }) => name),
    ...(index.projection.NonKeyAttributes ?? []),
  ]);
  return projection.map(([head]) => String(head)).filter((name) => !known.has(name));
}

/** Reads a page of entries and returns the response. */
export function respond(source: Source, request: ReadRequest, expressions: Expressions, entries: Iterable<Entry>) {
  const { table, index } = source;
  const { filter, projection } = expressions;
  refuseNestedKeys(projection ?? [], table.items);
  const page = readPage(entries, {
    limit: request.Limit,
    filter,
    projection,
    index,
    fetchesAll: fetchesAll(source, request, projection),
  });
  const usage = usageOf(source, page, request.ConsistentRead ?? false);
  const capacity = consumedCapacity(table.name, usage, request.ReturnConsumedCapacity);
  return {
    ...(request.Select !== 'COUNT' && { Items: page.items }),
    Count: page.items.length,
    ScannedCount: page.scanned,
    ...(page.last && { LastEvaluatedKey: lastKey(source, page.last) }),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}

function usageOf({ index }: Source, { bytes, fetchedBytes }: Page, consistent: boolean): Usage {
  if (index === undefined) return { table: readUnits(bytes, consistent), indexes: new Map() };
  const units = readUnits(bytes, consistent);
  return {
    table: readUnits(fetchedBytes, consistent),
    indexes: new Map([[index.name, { kind: index.kind, units }]]),
  };
}

/** Of an index, the table's key and its own. */
const lastKey = ({ table, schema }: Source, item: Item): Item => ({
  ...keyOf(item, table.items.schema),
  ...keyOf(item, schema),
});

/**
 * Returns where a page begins: after this position.
 * @throws {AwsError} ValidationException: texts recorded by dynalite's suite
 */
export function startPosition(
  { table, index, schema }: Source,
  given: unknown,
  kind: 'query' | 'scan',
): Position | undefined {
  if (given === undefined) return undefined;
  const key = readStartKey(given);
  const tableSchema = table.items.schema;
  const isTableScan = kind === 'scan' && index === undefined;
  const names = new Set([...attributesOf(tableSchema), ...attributesOf(schema)].map(({ name }) => name));
  if (Object.keys(key).length !== names.size) {
    throw invalid(isTableScan ? `${INVALID_START}: ${schemaMismatch().message}` : INVALID_START);
  }
  for (const attribute of isTableScan ? [] : attributesOf(schema)) {
    if (attributeOf(key, attribute.name) === undefined) throw invalid(INVALID_START);
    if (scalarAt(key, attribute) === undefined) throw schemaMismatch();
  }
  try {
    checkKey(keyOf(key, tableSchema), tableSchema);
  } catch (error) {
    throw error instanceof AwsError ? invalid(`${INVALID_START}: ${error.message}`) : error;
  }
  return indexPosition(key, schema, tableSchema);
}

const INVALID_START = 'The provided starting key is invalid';

function readStartKey(given: unknown): Item {
  try {
    return parseItem(given);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    // Recorded: problems of numbers and sets are told as they are.
    const isBare = /contains duplicates|number set|numeric value|significant digits|number with magnitude/i;
    throw isBare.test(error.message) ? error : invalid(`${INVALID_START}: ${error.message}`);
  }
}
