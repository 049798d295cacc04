import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Item } from './attribute-value.ts';
import { itemSize } from './item-size.ts';
import { createTableItems, type IndexDefinition } from './table-items.ts';

const schema = { partition: { name: 'pk', type: 'S' }, sort: undefined } as const;
const byColor: IndexDefinition = {
  name: 'by-color',
  kind: 'global',
  schema: { partition: { name: 'color', type: 'S' }, sort: { name: 'rank', type: 'N' } },
  projection: { ProjectionType: 'ALL' },
};
const byRank: IndexDefinition = {
  ...byColor,
  name: 'by-rank',
  kind: 'local',
  schema: { ...schema, sort: { name: 'rank', type: 'N' } },
};

const ranks = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined });
const items = fc
  .record({
    pk: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    color: fc.constantFrom('red', 'blue', undefined),
    rank: ranks,
  })
  .map(({ pk, color, rank }): Item => ({
    pk: { S: pk },
    ...(color !== undefined && { color: { S: color } }),
    ...(rank !== undefined && { rank: { N: String(rank) } }),
  }));
const writes = fc.array(fc.record({ item: items, isDeletion: fc.boolean() }), { maxLength: 100 });

const all = (entries: { from: (isBefore: () => boolean) => Iterable<{ readonly item: Item }> }): Item[] =>
  [...entries.from(() => false)].map(({ item }) => item);
const textOf = (item: Item): string => JSON.stringify(item);

test('indexes have the items with their attributes, whatever was written, and one made later is the same', () => {
  fc.assert(
    fc.property(writes, (steps) => {
      const table = createTableItems(schema, [byColor, byRank]);
      const model = new Map<string, Item>();
      for (const { item, isDeletion } of steps) {
        if (isDeletion) {
          table.delete({ pk: item['pk'] } as Item);
          model.delete(textOf({ pk: item['pk'] } as Item));
        } else {
          table.put(item);
          model.set(textOf({ pk: item['pk'] } as Item), item);
        }
      }
      const kept = [...model.values()];
      expect(all(table.entries).map(textOf).sort()).toEqual(kept.map(textOf).sort());
      expect(table.bytes).toBe(kept.reduce((sum, item) => sum + itemSize(item), 0));
      const colored = kept.filter((item) => 'color' in item && 'rank' in item);
      const inIndex = all(table.indexes.get('by-color')!.entries);
      expect(inIndex.map(textOf).sort()).toEqual(colored.map(textOf).sort());
      const fresh = createTableItems(schema, []);
      for (const item of kept) fresh.put(item);
      fresh.addIndex(byColor);
      expect(all(fresh.indexes.get('by-color')!.entries)).toEqual(inIndex);
    }),
  );
});

test('a global index may lag behind its table; a local one never does', () => {
  const waiting: (() => void)[] = [];
  const table = createTableItems(schema, [byColor, byRank], (apply) => waiting.push(apply));
  const item: Item = { pk: { S: 'a' }, color: { S: 'red' }, rank: { N: '1' } };
  const count = (name: string): number => table.indexes.get(name)!.entries.length;
  table.put(item);
  table.put({ ...item, color: { S: 'blue' } });
  expect([count('by-color'), count('by-rank')]).toEqual([0, 1]);
  waiting[0]?.();
  expect(all(table.indexes.get('by-color')!.entries)).toEqual([item]);
  waiting[1]?.();
  expect(all(table.indexes.get('by-color')!.entries)).toEqual([{ ...item, color: { S: 'blue' } }]);
});
