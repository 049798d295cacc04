import { expect, test } from 'vitest';
import { createSteps } from './steps.ts';

const fails = async (): Promise<never> => {
  throw new Error('Baton.HostLost\nafter all');
};
const passes = async (): Promise<void> => {};

test('a step that fails is a result, and those after it go on', async () => {
  const lines: string[] = [];
  const { step, results } = createSteps((line) => lines.push(line));
  await step('one', fails);
  await step('two', passes);
  expect(results).toMatchObject([
    { step: 'one', outcome: 'failed', why: 'Baton.HostLost\nafter all' },
    { step: 'two', outcome: 'passed' },
  ]);
  expect(lines).toEqual([
    expect.stringMatching(/^failed +0\.0 s {2}one$/),
    '    Baton.HostLost\n    after all',
    expect.stringMatching(/^passed +0\.0 s {2}two$/),
  ]);
});

test('after a foundation that fails only what is always done is done', async () => {
  const { foundation, step, always, results } = createSteps(() => undefined);
  await foundation('apply', fails);
  await foundation('host', passes);
  await step('run', passes);
  await always('destroy', passes);
  expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'left out', 'left out', 'passed']);
  expect(results[2]?.why).toBe('because this failed: apply');
});
