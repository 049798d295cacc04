import type { AttributeValue, Item } from './attribute-value.ts';
import { areEqual } from './compare-values.ts';
import { compareEntries, indexPosition } from './entries.ts';
import { itemSize } from './item-size.ts';
import type { KeySchema } from './key-schema.ts';
import type { SecondaryIndex } from './secondary-index.ts';

/** `NONE` is the default; `INDEXES` tells the units of the table and of each index apart. */
export type ReturnConsumedCapacity = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;

/** Units that operations on one table have used. */
export interface Usage {
  readonly table: number;
  /** By the index's name; an index that was not touched is not there. */
  readonly indexes: ReadonlyMap<string, { readonly kind: SecondaryIndex['kind']; readonly units: number }>;
}

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;
/** Documented: an operation of a transaction is done twice, to prepare and to commit. */
const TRANSACTION_FACTOR = 2;

/** Returns the read units of one item, or of one that is not there (documented: "Read and write operations"). */
export const itemReadUnits = (bytes: number, consistent: boolean): number => readUnits(Math.max(bytes, 1), consistent);

/** Returns the read units of a page of a query or scan, whose items are summed up before they are rounded. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.ceil(bytes / READ_UNIT_BYTES) * (consistent ? 1 : 0.5);

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));

/** Returns the write units of a change: of the larger of both versions, and of what indexes store anew. */
export function writeUsage(
  before: Item | undefined,
  after: Item | undefined,
  schema: KeySchema,
  indexes: Iterable<SecondaryIndex>,
): Usage {
  const larger = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
  const touched = [...indexes]
    .map((index) => [index.name, { kind: index.kind, units: indexWriteUnits(index, before, after, schema) }] as const)
    .filter(([, { units }]) => units > 0);
  return { table: writeUnits(larger), indexes: new Map(touched) };
}

/**
 * Recorded by the dynamodb-conformance suite: what an index does not store costs nothing, a change of what it stores one write,
 * a change of its key two (a deletion and an insertion).
 */
function indexWriteUnits(
  index: SecondaryIndex,
  before: Item | undefined,
  after: Item | undefined,
  schema: KeySchema,
): number {
  const from = before && indexPosition(before, index.schema, schema);
  const to = after && indexPosition(after, index.schema, schema);
  const old = from && index.project(before);
  const next = to && index.project(after);
  const oldUnits = old ? writeUnits(itemSize(old)) : 0;
  const nextUnits = next ? writeUnits(itemSize(next)) : 0;
  if (!old || !next || compareEntries(from, to) !== 0) return oldUnits + nextUnits;
  const [one, other]: AttributeValue[] = [{ M: old }, { M: next }];
  return one && other && areEqual(one, other) ? 0 : Math.max(oldUnits, nextUnits);
}

export function addUsage(one: Usage, other: Usage): Usage {
  const indexes = new Map(one.indexes);
  for (const [name, { kind, units }] of other.indexes) {
    indexes.set(name, { kind, units: units + (indexes.get(name)?.units ?? 0) });
  }
  return { table: one.table + other.table, indexes };
}

/** Returns the member ConsumedCapacity of a response, undefined where it is not asked for. */
export function consumedCapacity(tableName: string, { table, indexes }: Usage, asked: ReturnConsumedCapacity) {
  if (asked !== 'INDEXES' && asked !== 'TOTAL') return undefined;
  const CapacityUnits = [...indexes.values()].reduce((sum, { units }) => sum + units, table);
  if (asked === 'TOTAL') return { TableName: tableName, CapacityUnits };
  return {
    TableName: tableName,
    CapacityUnits,
    Table: { CapacityUnits: table },
    ...unitsOf(indexes, 'global', 'GlobalSecondaryIndexes'),
    ...unitsOf(indexes, 'local', 'LocalSecondaryIndexes'),
  };
}

function unitsOf(indexes: Usage['indexes'], kind: SecondaryIndex['kind'], member: string) {
  const own = [...indexes].filter(([, index]) => index.kind === kind);
  if (own.length === 0) return {};
  return { [member]: Object.fromEntries(own.map(([name, { units }]) => [name, { CapacityUnits: units }])) };
}

/** Returns the ConsumedCapacity of one table in a transaction, where it is asked for: twice the units, and of which kind. */
export function transactionCapacity(
  tableName: string,
  { table, indexes }: Usage,
  asked: ReturnConsumedCapacity,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): object[] {
  const doubled = new Map(
    [...indexes].map(([name, index]) => [name, { ...index, units: index.units * TRANSACTION_FACTOR }]),
  );
  const capacity = consumedCapacity(tableName, { table: table * TRANSACTION_FACTOR, indexes: doubled }, asked);
  return capacity === undefined ? [] : [{ ...capacity, [kind]: capacity.CapacityUnits }];
}

export const noIndexes: Usage['indexes'] = new Map();
