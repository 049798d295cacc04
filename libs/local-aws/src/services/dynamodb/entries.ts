import type { Item } from './attribute-value.ts';
import { type KeySchema, type Place, placeOf } from './key-schema.ts';
import { createSortedList, type SortedList } from './sorted-list.ts';

/** An item in a table or an index. All entries of a version of an item share that item. */
export interface Entry extends Place {
  readonly item: Item;
  /** The size of the item, or of the part of it that an index has. */
  readonly bytes: number;
  /** The item's key in its table, which tells items apart that have one key in an index. */
  readonly tie: string;
}

export type Entries = SortedList<Entry>;

export const createEntries = (): Entries => createSortedList<Entry>(compareEntries);

export type Position = Pick<Entry, 'hash' | 'partition' | 'sort' | 'tie'>;

export function compareEntries(one: Position, other: Position): number {
  if (one.hash !== other.hash) return one.hash - other.hash;
  return (
    compareTexts(one.partition, other.partition) ||
    compareTexts(one.sort, other.sort) ||
    compareTexts(one.tie, other.tie)
  );
}

export const compareTexts = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/** The length comes first: no two keys make the same text. */
export const tieOf = ({ partition, sort }: Place): string => `${partition.length}:${partition}${sort}`;

/** Returns where an item stands in a table, undefined where it lacks a key. */
export function tablePosition(item: Item, table: KeySchema): Position | undefined {
  const place = placeOf(item, table);
  return place && { ...place, tie: tieOf(place) };
}

/** Returns where an item stands in an index of a table, undefined where it does not. */
export function indexPosition(item: Item, index: KeySchema, table: KeySchema): Position | undefined {
  const place = placeOf(item, index);
  const inTable = place && placeOf(item, table);
  return inTable && { ...place, tie: tieOf(inTable) };
}
