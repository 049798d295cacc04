import { describe, expect, it } from 'vitest';
import { nested } from '../testing/samples.ts';
import { type Outcome } from '../wire/outcome.ts';
import { MAX_CAUSE_CHARACTERS, MAX_ERROR_CHARACTERS, MAX_OUTPUT_BYTES } from '../wire/limits.ts';
import { queueWorker } from './queue-worker.ts';
import type { WorkFunction } from './run-work.ts';
import { batch, platform } from './testing.ts';

async function outcomeOf(work: WorkFunction<unknown, unknown>): Promise<Outcome | undefined> {
  const here = platform();
  await queueWorker(work, here)(batch([{ id: 1, work: 4 }]));
  return here.outcomes.get(1);
}

function circular(): object {
  const self: Record<string, unknown> = {};
  return Object.assign(self, { self });
}

describe('what a function returns', () => {
  it.each([
    ['a value', () => ({ half: 2 }), '{"half":2}'],
    ['of an asynchronous function', async () => [1], '[1]'],
    ['a promise', () => Promise.resolve(1), '1'],
    ['a Date', () => new Date('2026-03-01T12:00:00Z'), '"2026-03-01T12:00:00.000Z"'],
    ['nothing', () => undefined, 'null'],
    ['null', () => null, 'null'],
    [
      'as much as Step Functions takes',
      () => 'x'.repeat(MAX_OUTPUT_BYTES - 2),
      `"${'x'.repeat(MAX_OUTPUT_BYTES - 2)}"`,
    ],
  ])('%s is the result', async (_, work, output) => {
    expect(await outcomeOf(work)).toEqual({ type: 'success', output });
  });

  it.each([
    ['a BigInt', () => 1n, 'Baton.OutputNotJson', /BigInt/],
    ['a BigInt far within', () => ({ rows: [{ id: 1n }] }), 'Baton.OutputNotJson', /BigInt/],
    ['a function', () => () => 1, 'Baton.OutputNotJson', /JSON value/],
    ['a symbol', () => Symbol('x'), 'Baton.OutputNotJson', /JSON value/],
    ['what contains itself', () => circular(), 'Baton.OutputNotJson', /circular/],
    ['what throws when it is written', () => ({ toJSON: () => decodeURI('%') }), 'Baton.OutputNotJson', /URI/],
    ['more levels than JSON is read with', () => nested(5_000), 'Baton.JsonTooDeep', /1,000 levels/],
    ['more than Step Functions takes', () => 'x'.repeat(300_000), 'Baton.OutputTooLarge', /262144/],
  ])('%s is a failure by name', async (_, work, error, cause) => {
    expect(await outcomeOf(work)).toEqual({ type: 'failure', error, cause: expect.stringMatching(cause) as string });
  });
});

describe('what a function throws', () => {
  const named = (name: unknown) => Object.assign(new Error('7 is odd'), { name });
  const several = new AggregateError([new TypeError('left'), 'right', circular()], 'both failed');
  it.each([
    ['an error', named('OddNumber'), { error: 'OddNumber', cause: '7 is odd' }],
    ['an error without a name', named(''), { error: 'Error', cause: '7 is odd' }],
    ['a name of Step Functions', named('States.Timeout'), { error: 'Worker.States.Timeout', cause: '7 is odd' }],
    ['a name that is no text', named(7), { error: '7', cause: '7 is odd' }],
    ['a name that is too long', named('x'.repeat(300)), { error: 'x'.repeat(MAX_ERROR_CHARACTERS), cause: '7 is odd' }],
    [
      'a message that is too long',
      new Error('x'.repeat(40_000)),
      { error: 'Error', cause: 'x'.repeat(MAX_CAUSE_CHARACTERS) },
    ],
    ['several errors', several, { error: 'AggregateError', cause: 'both failed\nTypeError: left\nright\nobject' }],
    ['a string', '7 is odd', { error: 'Baton.ThrownValue', cause: '7 is odd' }],
    ['an object', { odd: 7 }, { error: 'Baton.ThrownValue', cause: '{"odd":7}' }],
    ['a BigInt', 7n, { error: 'Baton.ThrownValue', cause: 'bigint' }],
    ['what contains itself', circular(), { error: 'Baton.ThrownValue', cause: 'object' }],
    ['null', null, { error: 'Baton.ThrownValue', cause: 'null' }],
    ['nothing', undefined, { error: 'Baton.ThrownValue', cause: 'undefined' }],
  ])('%s fails the task by name', async (_, thrown, outcome) => {
    const throws = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- JavaScript lets workers throw anything
      throw thrown;
    };
    expect(await outcomeOf(throws)).toEqual({ type: 'failure', ...outcome });
    expect(await outcomeOf(async () => throws())).toEqual({ type: 'failure', ...outcome });
  });
});
