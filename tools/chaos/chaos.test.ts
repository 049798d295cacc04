import { expect, test } from 'vitest';
import { runChaos } from './chaos.ts';
import { DEFAULTS } from './options.ts';

const NOTHING = { lost: 0, settledTwice: 0, overlapping: 0, rerunAfterStored: 0, open: 0, unhandled: 0 };

test.each([1, 2, 3])('whatever breaks, finished work counts once: seed %i', async (seed) => {
  const { verdict, violations } = await runChaos({ ...DEFAULTS, seed, callbacks: 300 });
  expect(violations).toEqual([]);
  expect(verdict).toEqual({ callbacks: 300, ...NOTHING });
});

test('without faults everything ends at its first attempt', async () => {
  const { violations } = await runChaos({ ...DEFAULTS, callbacks: 200, faults: 0 });
  expect(violations).toEqual([]);
});

test('the same seed is the same run', async () => {
  const followed = async () => {
    const lines: unknown[] = [];
    await runChaos({ ...DEFAULTS, seed: 7, callbacks: 60, faults: 0.1 }, (...line) => lines.push(line));
    return lines;
  };
  expect(await followed()).toEqual(await followed());
});
