import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Deque } from './deque.ts';

const isBefore = (one: number, other: number): boolean => one < other;

test('is a sorted list that is taken from the front', () => {
  const step = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant('shift' as const));
  fc.assert(
    fc.property(fc.array(step, { size: 'max', maxLength: 100 }), (steps) => {
      const deque = new Deque<number>();
      let model: number[] = [];
      for (const action of steps) {
        if (action === 'shift') {
          expect(deque.shift()).toBe(model.shift());
        } else {
          deque.insert(action, isBefore);
          model = [...model, action].sort((a, b) => a - b);
        }
        expect(deque.first).toBe(model[0]);
      }
    }),
  );
});

test('gives the room of what was taken back, and loses nothing by it', () => {
  const deque = new Deque<number>();
  for (let item = 0; item < 5_000; item += 1) deque.push(item);
  for (let item = 0; item < 4_000; item += 1) expect(deque.shift()).toBe(item);
  deque.push(5_000);
  for (let item = 4_000; item <= 5_000; item += 1) expect(deque.shift()).toBe(item);
  expect(deque.shift()).toBeUndefined();
});
