import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';

it('lets through so many calls a second, and refuses the others unmade', async () => {
  let now = 5_000;
  const made: number[] = [];
  const call = atMost(2, () => now)(async (each: number) => made.push(each));
  const answers = await Promise.allSettled([call(1), call(2), call(3)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  now += 1_000;
  await call(4);
  expect(made).toEqual([1, 2, 4]);
});
