import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timers } from './timers.ts';

test('returns the timers of an instant in the order in which they were added, without deleted ones', () => {
  const steps = fc.array(fc.record({ at: fc.nat(3), remove: fc.boolean() }), { maxLength: 20 });
  fc.assert(
    fc.property(steps, (script) => {
      const timers = new Timers();
      const open: { timer: number; at: number }[] = [];
      for (const [timer, { at, remove }] of script.entries()) {
        const first = open[0];
        if (remove && first) {
          timers.delete(first.timer, first.at);
          open.shift();
        } else {
          timers.add(timer, at);
          open.push({ timer, at });
        }
        for (const instant of [0, 1, 2, 3]) {
          expect(timers.at(instant)).toEqual(open.filter((each) => each.at === instant).map((each) => each.timer));
        }
      }
    }),
  );
});
