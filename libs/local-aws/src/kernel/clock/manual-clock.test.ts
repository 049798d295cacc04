import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createActivity } from './activity.ts';
import { createManualClock } from './manual-clock.ts';
import { TimerQueue } from './timer-queue.ts';

const START = Date.UTC(2026, 0, 1);

test('timers fire in order of time, and of creation where times are equal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 40 }), async (delays) => {
      const clock = createManualClock(START, createActivity());
      const fired: { delay: number; order: number; at: number }[] = [];
      for (const [order, delay] of delays.entries()) {
        clock.at(START + delay, () => fired.push({ delay, order, at: clock.now() - START }));
      }
      await clock.advance(50);
      expect(fired).toEqual(
        delays
          .map((delay, order) => ({ delay, order, at: delay }))
          .sort((a, b) => a.delay - b.delay || a.order - b.order),
      );
    }),
    { numRuns: 50 },
  );
});

test('the queue gives what was added and not cancelled, earliest first', () => {
  const steps = fc.array(fc.record({ at: fc.nat(1000), cancelled: fc.boolean() }), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (entries) => {
      const queue = new TimerQueue();
      const taken: number[] = [];
      const timers = entries.map(({ at }) => queue.add(at, () => taken.push(at)));
      for (const [index, { cancelled }] of entries.entries()) if (cancelled) timers[index]!.cancel();
      for (let fire = queue.take(1000); fire; fire = queue.take(1000)) fire();
      const expected = entries.filter(({ cancelled }) => !cancelled).map(({ at }) => at);
      expect(taken).toEqual(expected.sort((a, b) => a - b));
    }),
  );
});

test('time stands still while work is in flight', async () => {
  const activity = createActivity();
  const clock = createManualClock(START, activity);
  const seen: string[] = [];
  clock.at(START + 10, () => seen.push(`timer at ${clock.now() - START}`));
  const end = activity.begin();
  const advanced = clock.advance(60_000).then(() => seen.push('advanced'));
  await new Promise((resolve) => setImmediate(resolve));
  seen.push(`still at ${clock.now() - START}`);
  end();
  await advanced;
  expect(seen).toEqual(['still at 0', 'timer at 10', 'advanced']);
  expect(clock.now()).toBe(START + 60_000);
});

test('a timer waits for the work that an earlier timer began', async () => {
  const activity = createActivity();
  const clock = createManualClock(START, activity);
  const seen: string[] = [];
  clock.at(START + 1, () => {
    void activity.track(
      new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve))).then(
        () => void seen.push('work of the first'),
      ),
    );
  });
  clock.at(START + 2, () => seen.push('second'));
  await clock.advance(5);
  expect(seen).toEqual(['work of the first', 'second']);
});

test('advanceToNext goes to the next timer within its limit, and says whether there was one', async () => {
  const clock = createManualClock(START, createActivity());
  clock.at(START + 500, () => undefined);
  expect(await clock.advanceToNext(100)).toBe(false);
  expect(clock.now()).toBe(START);
  expect(await clock.advanceToNext()).toBe(true);
  expect(clock.now()).toBe(START + 500);
});

test('a timer that a callback sets for now fires in the same advance', async () => {
  const clock = createManualClock(START, createActivity());
  const seen: number[] = [];
  clock.at(START + 1, () => clock.at(clock.now(), () => seen.push(clock.now() - START)));
  await clock.advance(1);
  expect(seen).toEqual([1]);
});
