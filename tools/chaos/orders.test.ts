import { expect, test } from 'vitest';
import { cases, play } from './orders.ts';

test('two attempts of one work, in any order and with any two faults: a sample of all cases', async () => {
  const { calls } = await play({ first: 10, second: 40 }, []);
  const wrong: unknown[] = [];
  for (const { order, faults } of cases(calls, 9_973)) {
    const played = await play(order, faults);
    if (played.wrong.length > 0) wrong.push({ order, faults, wrong: played.wrong });
  }
  expect(wrong).toEqual([]);
});
