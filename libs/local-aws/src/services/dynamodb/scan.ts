import { action } from '../../kit/action.ts';
import { integer, type Members, optional } from '../../kit/reader.ts';
import { compareEntries, type Entries, type Entry, type Position } from './entries.ts';
import { leavesOf, pathsIn } from './expressions/bind-condition.ts';
import { readExpressions } from './expressions/expressions.ts';
import { refuseNestedKeys } from './item-write.ts';
import { HASHES } from './key-schema.ts';
import { refuseLegacyMembers, tableArn } from './members.ts';
import { READ, refuseSelect, respond, sourceOf, startPosition } from './read-request.ts';
import { invalid } from './refusals.ts';
import type { Tables } from './tables.ts';

/** Documented: Scan, TotalSegments. */
const MAX_SEGMENTS = 1_000_000;

const SCAN = {
  ...READ,
  Segment: optional(integer({ min: 0, max: MAX_SEGMENTS - 1 })),
  TotalSegments: optional(integer({ min: 1, max: MAX_SEGMENTS })),
};

export const scanAction = (tables: Tables) => ({
  Scan: action(SCAN, {
    resources: ({ TableName, IndexName }, caller) => [
      tableArn(caller, TableName) + (IndexName === undefined ? '' : `/index/${IndexName}`),
    ],
    evidence: 'documented',
    run: (request) => scan(tables, request),
  }),
});

function scan(tables: Tables, request: Members<typeof SCAN>) {
  refuseLegacyMembers(request);
  refuseSelect(request);
  const segment = readSegment(request);
  const expressions = readExpressions(request, ['ProjectionExpression', 'FilterExpression']);
  const source = sourceOf(tables.forItems(request.TableName), request);
  const start = startPosition(source, request.ExclusiveStartKey, 'scan');
  if (start !== undefined && (start.hash < segment.from || start.hash >= segment.to)) {
    throw invalid(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct ' +
        `Segment. TotalSegments: ${request.TotalSegments ?? 1} Segment: ${request.Segment ?? 0}`,
    );
  }
  const { filter } = expressions;
  const paths = filter === undefined ? [] : leavesOf(filter).flatMap((leaf) => pathsIn(leaf));
  refuseNestedKeys(paths, source.table.items);
  return respond(source, request, expressions, entriesIn(source.entries, segment, start));
}

/** The hashes that a segment of a scan reads. */
interface Segment {
  readonly from: number;
  readonly to: number;
}

function* entriesIn(entries: Entries, { from, to }: Segment, start: Position | undefined): Generator<Entry> {
  const isBefore = (entry: Entry): boolean =>
    entry.hash < from || (start !== undefined && compareEntries(entry, start) <= 0);
  for (const entry of entries.from(isBefore)) {
    if (entry.hash >= to) return;
    yield entry;
  }
}

/** @throws {AwsError} ValidationException: texts recorded by dynalite's suite */
function readSegment({ Segment, TotalSegments }: Members<typeof SCAN>): Segment {
  if (TotalSegments === undefined) {
    if (Segment === undefined) return { from: 0, to: HASHES };
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (Segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment >= TotalSegments) {
    throw invalid(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
  const boundary = (index: number): number => Math.ceil((HASHES * index) / TotalSegments);
  return { from: boundary(Segment), to: boundary(Segment + 1) };
}
