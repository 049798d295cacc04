import { describe, expect, test } from 'vitest';
import { runBundles } from './run-bundles.ts';
import { COUNTED, judgeRound, type PieceFacts, type RoundFacts } from './verdict.ts';

const NOTHING = Object.fromEntries(COUNTED.map((counted) => [counted, 0]));
const LONGEST_MS = 300_000;
const follow = (): void => undefined;

test.concurrent(
  'the built bundles, broken for real, run each piece of work once',
  { timeout: LONGEST_MS },
  async () => {
    const { verdict, violations } = await runBundles({ seed: 20, rounds: 1, follow });
    expect(violations).toEqual([]);
    expect(verdict).toMatchObject(NOTHING);
  },
);

describe('the verdict', () => {
  const run = (name: string, first: number, last: number) => ({ run: name, first, last });
  const piece: PieceFacts = {
    name: 'piece',
    status: 'SUCCEEDED',
    error: undefined,
    succeeded: 'b',
    runs: [run('b', 200, 300), run('a', 100, 199)],
    durable: [{ run: 'b', at: 301 }],
  };
  const clean: RoundFacts = { pieces: [piece], outcomes: [1, 1], openRows: [], alive: [], unhandled: [] };

  test('is clean where a second run began after the first, and its success counts', () => {
    expect(judgeRound(clean)).toEqual([]);
  });

  test.each([
    ['overlapping', { runs: [run('a', 100, 200), run('b', 200, 300)] }],
    ['overlapping', { runs: [run('a', 100, 900), run('c', 150, 160), run('b', 200, 300)] }],
    ['rerunAfterStored', { runs: [run('b', 200, 300), run('c', 302, 400)] }],
    ['lost', { succeeded: 'a' }],
    ['lost', { status: 'FAILED', succeeded: undefined, error: 'Baton.HostLost' }],
    ['unnamed', { status: 'TIMED_OUT', succeeded: undefined, durable: [], error: 'States.Timeout' }],
    ['open', { status: 'RUNNING', succeeded: undefined, durable: [] }],
  ] as const)('counts %s: %o', (counted, change) => {
    expect(judgeRound({ ...clean, pieces: [{ ...piece, ...change }] }).map((each) => each.counted)).toContain(counted);
  });

  test.each([
    ['settledTwice', { outcomes: [1, 2] }],
    ['open', { openRows: ['Settling'] }],
    ['leftAlive', { alive: [1] }],
    ['unhandled', { unhandled: ['an error'] }],
  ] as const)('counts %s', (counted, change) => {
    expect(judgeRound({ ...clean, ...change }).map((each) => each.counted)).toEqual([counted]);
  });
});
