import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSortedList } from './sorted-list.ts';

interface Entry {
  readonly key: number;
  readonly value: number;
}
const commands = fc.array(fc.record({ remove: fc.boolean(), key: fc.nat({ max: 999 }), value: fc.nat() }), {
  maxLength: 3000,
  minLength: 0,
  size: 'max',
});

test('it is a map that knows its order, however often its blocks split and vanish', () => {
  fc.assert(
    fc.property(commands, fc.nat({ max: 999 }), (steps, bound) => {
      const list = createSortedList<Entry>((one, other) => one.key - other.key);
      const model = new Map<number, Entry>();
      for (const { remove, key, value } of steps) {
        const before = model.get(key);
        if (remove) {
          expect(list.remove((entry) => entry.key - key)).toBe(before);
          model.delete(key);
        } else {
          const entry = { key, value };
          expect(list.set(entry)).toBe(before);
          model.set(key, entry);
        }
        expect(list.get((entry) => entry.key - key)).toBe(model.get(key));
      }
      const sorted = [...model.values()].sort((one, other) => one.key - other.key);
      expect(list.length).toBe(sorted.length);
      const isBefore = ({ key }: Entry): boolean => key < bound;
      expect([...list.from(isBefore)]).toEqual(sorted.filter((entry) => !isBefore(entry)));
      expect([...list.before(isBefore)]).toEqual(sorted.filter(isBefore).reverse());
    }),
    { numRuns: 20 },
  );
});
