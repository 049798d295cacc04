import { expect, test } from 'vitest';
import type { Environment } from './environment.ts';
import { createEnvironments, createIdleEnvironments } from './environments.ts';

/** Environments that do nothing, and looks at the line that happen when the test says so. */
function world() {
  const looks: ((busy: boolean) => void)[] = [];
  let made = 0;
  const create = (): Environment => {
    made += 1;
    const thread = { end: async () => undefined } as unknown as Environment['thread'];
    return { thread, loaded: true, goodUntil: Infinity, logStream: '', lines: [], print: () => undefined };
  };
  const pause = () => new Promise<boolean>((resolve) => looks.push(resolve));
  const environments = createEnvironments(() => 0, createIdleEnvironments(), create, pause);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    environments,
    made: () => made,
    settled,
    async look(busy = false) {
      looks.shift()?.(busy);
      await settled();
    },
  };
}

test('two hundred short invocations at once are served by few environments, in turn', async () => {
  const { environments, made, settled } = world();
  const served: number[] = [];
  const all = Array.from({ length: 200 }, async (_, index) => {
    const environment = await environments.take(1_000);
    await settled();
    served.push(index);
    environments.release(environment, true);
  });
  await Promise.all(all);
  expect(served).toEqual(Array.from({ length: 200 }, (_, index) => index));
  expect(made()).toBe(2);
});

test('invocations that last get environments of their own, four with each look', async () => {
  const { environments, made, look } = world();
  const all = Array.from({ length: 12 }, () => environments.take(1_000));
  const counts: number[] = [];
  for (let looked = 0; looked < 4; looked += 1) {
    counts.push(made());
    await look();
  }
  expect(counts).toEqual([2, 6, 10, 12]);
  await Promise.all(all);
});

test('a line that those at work do not get through gets one more with each look', async () => {
  const { environments, made, look, settled } = world();
  const taken: Environment[] = [];
  for (let index = 0; index < 30; index += 1) void environments.take(1_000).then((one) => taken.push(one));
  await settled();
  for (const expected of [3, 4]) {
    environments.release(taken.shift() as Environment, true);
    await settled();
    await look();
    expect(made()).toBe(expected);
  }
});

test('while this process is busy, a line gets another one only where nobody gets through at all', async () => {
  const { environments, made, look, settled } = world();
  const taken: Environment[] = [];
  for (let index = 0; index < 30; index += 1) void environments.take(1_000).then((one) => taken.push(one));
  await settled();
  environments.release(taken.shift() as Environment, true);
  await settled();
  await look(true);
  expect(made()).toBe(2);
  await look(true);
  expect(made()).toBe(3);
});
