import { expect, test } from 'vitest';
import { createRealClock } from './real-clock.ts';

test('timers fire once their time has come, in order', async () => {
  const clock = createRealClock();
  const seen: string[] = [];
  const start = clock.now();
  await new Promise<void>((resolve) => {
    clock.at(start + 3, resolve);
    clock.at(start + 2, () => seen.push('second'));
    clock.at(start + 1, () => seen.push('first'));
    clock.at(start - 1000, () => seen.push('overdue'));
    clock.at(start + 2, () => seen.push('cancelled')).cancel();
    // Node counts its own timers in 32 bits and would fire this one at once.
    clock.at(start + 2 ** 40, () => seen.push('in 35 years'));
  });
  expect(seen).toEqual(['overdue', 'first', 'second']);
  clock.close();
});
