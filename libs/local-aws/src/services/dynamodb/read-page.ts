import type { Item } from './attribute-value.ts';
import type { Entry } from './entries.ts';
import { isFulfilled } from './expressions/evaluate-condition.ts';
import { project } from './expressions/project.ts';
import type { Bound, Condition, Path } from './expressions/syntax.ts';
import { itemSize } from './item-size.ts';
import type { SecondaryIndex } from './secondary-index.ts';

/** Documented: "Paginating table query results". A page ends with the item that reaches it. */
const MAX_PAGE_BYTES = 1024 * 1024;

export interface PageRequest {
  readonly limit: number | undefined;
  readonly filter: Condition<Bound> | undefined;
  readonly projection: readonly Path[] | undefined;
  /** The index that is read, undefined for the table. */
  readonly index: SecondaryIndex | undefined;
  /** Of a local index: returns what it does not have from the table. */
  readonly fetchesAll: boolean;
}

export interface Page {
  readonly items: readonly Item[];
  readonly scanned: number;
  /** The last item that was read, undefined where the end was reached. */
  readonly last: Item | undefined;
  /** What was read, for the capacity: of the index or table, and what was fetched from the table beside. */
  readonly bytes: number;
  readonly fetchedBytes: number;
}

/** Reads items up to the limit or to 1 MB, whichever comes first; both count before the filter (documented). */
export function readPage(entries: Iterable<Entry>, request: PageRequest): Page {
  const { limit = Infinity, filter, projection, index, fetchesAll } = request;
  const items: Item[] = [];
  let [scanned, bytes, fetchedBytes] = [0, 0, 0];
  let last: Item | undefined;
  for (const entry of entries) {
    const seen = index === undefined || fetchesAll ? entry.item : index.project(entry.item);
    scanned += 1;
    bytes += entry.bytes;
    if (fetchesAll) fetchedBytes += itemSize(entry.item);
    if (filter === undefined || isFulfilled(filter, seen)) items.push(projection ? project(seen, projection) : seen);
    if (scanned >= limit || bytes + fetchedBytes >= MAX_PAGE_BYTES) {
      last = entry.item;
      break;
    }
  }
  return { items, scanned, last, bytes, fetchedBytes };
}
