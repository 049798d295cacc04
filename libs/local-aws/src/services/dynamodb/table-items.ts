import type { Item } from './attribute-value.ts';
import { compareEntries, createEntries, type Entries, type Entry, type Position, tablePosition } from './entries.ts';
import { itemSize } from './item-size.ts';
import { type KeySchema, schemaMismatch } from './key-schema.ts';
import { createSecondaryIndex, type SecondaryIndex } from './secondary-index.ts';

export type IndexDefinition = Pick<SecondaryIndex, 'name' | 'kind' | 'schema' | 'projection'>;

/** The items of a table and its indexes. Everything happens at once: a caller that reads and then writes is alone meanwhile. */
export interface TableItems {
  readonly schema: KeySchema;
  readonly entries: Entries;
  /** The indexes by name, in the order of their names. */
  readonly indexes: ReadonlyMap<string, SecondaryIndex>;
  /** The sum of the items' sizes. */
  readonly bytes: number;
  /** @param key a key, or an item with one */
  find(key: Item): Entry | undefined;
  put(item: Item): void;
  delete(key: Item): void;
  /** Adds an index and fills it with the items that are there. */
  addIndex(definition: IndexDefinition): void;
  removeIndex(name: string): void;
}

/**
 * How a change reaches a global index, which may lag behind its table: at once, or later, but in the order of the changes.
 * Local indexes never lag.
 */
export type Propagate = (apply: () => void) => void;

export function createTableItems(
  schema: KeySchema,
  definitions: readonly IndexDefinition[],
  propagate: Propagate = (apply) => apply(),
): TableItems {
  const entries = createEntries();
  const indexes = new Map<string, SecondaryIndex>();
  let bytes = 0;

  const positionOf = (key: Item): Position => {
    const position = tablePosition(key, schema);
    if (position === undefined) throw schemaMismatch();
    return position;
  };
  const follow = (before: Entry | undefined, after: Entry | undefined): void => {
    bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    for (const index of indexes.values()) {
      const apply = (): void => index.follow(before, after);
      if (index.kind === 'local') apply();
      else propagate(apply);
    }
  };
  const addIndex = (definition: IndexDefinition): void => {
    const index = createSecondaryIndex(definition, schema);
    for (const entry of entries.from(() => false)) index.follow(undefined, entry);
    const sorted = [...indexes.values(), index].sort((one, other) => (one.name < other.name ? -1 : 1));
    indexes.clear();
    for (const each of sorted) indexes.set(each.name, each);
  };
  for (const definition of definitions) addIndex(definition);

  return {
    schema,
    entries,
    indexes,
    get bytes() {
      return bytes;
    },
    find(key) {
      const position = positionOf(key);
      return entries.get((entry) => compareEntries(entry, position));
    },
    put(item) {
      const { hash, partition, sort, tie } = positionOf(item);
      const entry = { hash, partition, sort, tie, item, bytes: itemSize(item) };
      follow(entries.set(entry), entry);
    },
    delete(key) {
      const position = positionOf(key);
      const removed = entries.remove((entry) => compareEntries(entry, position));
      if (removed !== undefined) follow(removed, undefined);
    },
    addIndex,
    removeIndex: (name) => indexes.delete(name),
  };
}
