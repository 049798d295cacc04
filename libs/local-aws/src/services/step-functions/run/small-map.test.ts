import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SmallMap } from './small-map.ts';

it('does what a Map does', () => {
  const key = fc.nat(3);
  const step = fc.oneof(
    fc.record({ how: fc.constant('set' as const), key, value: fc.nat() }),
    fc.record({ how: fc.constant('delete' as const), key, value: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const [small, map] = [new SmallMap<number, number>(), new Map<number, number>()];
      for (const { how, key, value } of steps) {
        if (how === 'set') {
          small.set(key, value);
          map.set(key, value);
        } else {
          small.delete(key);
          map.delete(key);
        }
        for (const each of [0, 1, 2, 3]) expect(small.get(each)).toBe(map.get(each));
      }
    }),
  );
});
