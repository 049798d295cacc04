import { expect, test } from 'vitest';
import { backoff, PAUSES, retry } from './retry.ts';

test.each([
  [1, 1, 200],
  [1, 0.5, 100],
  [4, 1, 1_600],
  [50, 1, 20_000],
  [5_000, 0.25, 5_000],
])('after %i failures and a throw of %f the pause is %i ms', (failures, fraction, expected) => {
  expect(backoff(failures, fraction)).toBe(expected);
});

const results =
  (...left: string[]) =>
  async () =>
    left.shift() ?? 'none left';

async function retried(call: () => Promise<string>) {
  const pauses: number[] = [];
  const pause = async (duration: number) => void pauses.push(duration);
  const last = await retry(call, { isFinal: (result) => result === 'done', pauses: PAUSES.start, pause });
  return { last, pauses };
}

test.each([
  ['at once', ['done', 'x'], 'done', []],
  ['later', ['busy', 'done'], 'done', [300]],
  ['never', ['busy', 'busy', 'still busy', 'done'], 'still busy', [300, 1_000]],
])('a call that is final %s', async (_, given, last, pauses) => {
  expect(await retried(results(...given))).toEqual({ last, pauses });
});

test('what is thrown is thrown on', async () => {
  await expect(retried(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

test('a report is tried three times', () => {
  const pauses = PAUSES.report(() => 0.5);
  expect([1, 2, 3].map(pauses)).toEqual([200, 400, undefined]);
});
