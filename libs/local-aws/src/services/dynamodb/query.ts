import { action } from '../../kit/action.ts';
import { flag, type Members, optional, text } from '../../kit/reader.ts';
import { compareEntries, type Entry, type Position } from './entries.ts';
import { leavesOf, pathsIn } from './expressions/bind-condition.ts';
import { type Expressions, readExpressions } from './expressions/expressions.ts';
import { refuseNestedKeys } from './item-write.ts';
import { compareToRange, type Range, rangeOf, readKeyConditions } from './key-condition.ts';
import { attributesOf } from './key-schema.ts';
import { refuseLegacyMembers, tableArn } from './members.ts';
import { READ, refuseSelect, respond, type Source, sourceOf, startPosition } from './read-request.ts';
import { invalid } from './refusals.ts';
import type { SortedList } from './sorted-list.ts';
import type { Tables } from './tables.ts';

const QUERY = { ...READ, KeyConditionExpression: optional(text()), ScanIndexForward: optional(flag) };

export const queryAction = (tables: Tables) => ({
  Query: action(QUERY, {
    resources: ({ TableName, IndexName }, caller) => [
      tableArn(caller, TableName) + (IndexName === undefined ? '' : `/index/${IndexName}`),
    ],
    evidence: 'recorded',
    run: (request) => query(tables, request),
  }),
});

function query(tables: Tables, request: Members<typeof QUERY>) {
  refuseLegacyMembers(request);
  if (request.KeyConditionExpression === undefined) {
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  refuseSelect(request);
  const expressions = readExpressions(request, ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression']);
  if (expressions.keyCondition === undefined) throw new TypeError('the key condition was read');
  const keyConditions = readKeyConditions(expressions.keyCondition);
  const source = sourceOf(tables.forItems(request.TableName), request);
  const start = startPosition(source, request.ExclusiveStartKey, 'query');
  const range = rangeOf(keyConditions, source.schema);
  if (start !== undefined) refuseOutside(start, range);
  refuseKeysInFilter(source, expressions);
  const entries = request.ScanIndexForward === false ? descending : ascending;
  return respond(source, request, expressions, entries(source.entries, range, start));
}

function* ascending(entries: SortedList<Entry>, range: Range, start: Position | undefined): Generator<Entry> {
  const isBefore = (entry: Entry): boolean =>
    compareToRange(entry, range) < 0 || (start !== undefined && compareEntries(entry, start) <= 0);
  for (const entry of entries.from(isBefore)) {
    if (compareToRange(entry, range) > 0) return;
    yield entry;
  }
}

function* descending(entries: SortedList<Entry>, range: Range, start: Position | undefined): Generator<Entry> {
  const isBefore = (entry: Entry): boolean =>
    compareToRange(entry, range) <= 0 && (start === undefined || compareEntries(entry, start) < 0);
  for (const entry of entries.before(isBefore)) {
    if (compareToRange(entry, range) < 0) return;
    yield entry;
  }
}

function refuseOutside(start: Position, range: Range): void {
  if (range.isBelow(start.sort) || range.isAbove(start.sort)) {
    throw invalid('The provided starting key does not match the range key predicate');
  }
  if (start.partition === range.partition) return;
  throw invalid(
    range.isWhole
      ? 'The provided starting key is outside query boundaries based on provided conditions'
      : 'The query can return at most one row and cannot be restarted',
  );
}

/** What the key condition can say, the filter may not. */
function refuseKeysInFilter({ table, schema }: Source, { filter }: Expressions): void {
  if (filter === undefined) return;
  const paths = leavesOf(filter).flatMap((leaf) => pathsIn(leaf));
  refuseNestedKeys(paths, table.items);
  for (const { name } of attributesOf(schema)) {
    if (!paths.some(([head]) => head === name)) continue;
    throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
  }
}
