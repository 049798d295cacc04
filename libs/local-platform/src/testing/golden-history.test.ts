import { expect, test } from 'vitest';
import { goldenHistory, type HistoryEvent } from './golden-history.ts';

const event = (
  id: number,
  previousEventId: number,
  type: string,
  details: Record<string, unknown> = {},
): HistoryEvent => ({
  id,
  previousEventId,
  type,
  timestamp: id,
  someEventDetails: details,
});

test('what differs between two runs is replaced by its kind, also inside JSON text', () => {
  const token = `AQCzAAAAKgAAAAMAAAAAAAAAA${'x'.repeat(640)}==`;
  const input = JSON.stringify({
    token,
    id: '0198a7f2-7c9c-7c3e-a1aa-0f8e5f3e9d10',
    at: '2026-11-21T00:00:00.123Z',
    link: 'http://127.0.0.1:40123/x',
  });
  expect(goldenHistory([event(1, 0, 'ExecutionStarted', { input, roleArn: 'arn' })])).toEqual([
    {
      type: 'ExecutionStarted',
      input: { token: '<token>', id: '<uuid>', at: '<time>', link: 'http://127.0.0.1:<port>/x' },
    },
  ]);
});

/** Two branches, of which either may be faster. */
const parallel = (first: 'A' | 'B', second: 'A' | 'B'): HistoryEvent[] => [
  event(1, 0, 'ExecutionStarted'),
  event(2, 0, 'ParallelStateEntered', { name: 'P' }),
  event(3, 2, 'ParallelStateStarted'),
  event(4, 3, 'PassStateEntered', { name: first }),
  event(5, 3, 'PassStateEntered', { name: second }),
  event(6, 5, 'PassStateExited', { name: second }),
  event(7, 4, 'PassStateExited', { name: first }),
  event(8, 7, 'ParallelStateSucceeded'),
  event(9, 8, 'ParallelStateExited', { name: 'P' }),
  event(10, 9, 'ExecutionSucceeded'),
];

test('branches are the same whichever was faster, and what follows them stands behind them', () => {
  const golden = goldenHistory(parallel('A', 'B'));
  expect(golden).toEqual(goldenHistory(parallel('B', 'A')));
  expect(golden.map((entry) => ('branches' in entry ? entry['branches'] : entry.type))).toEqual([
    'ExecutionStarted',
    'ParallelStateEntered',
    'ParallelStateStarted',
    [
      [
        { type: 'PassStateEntered', name: 'A' },
        { type: 'PassStateExited', name: 'A' },
      ],
      [
        { type: 'PassStateEntered', name: 'B' },
        { type: 'PassStateExited', name: 'B' },
      ],
    ],
    'ParallelStateSucceeded',
    'ParallelStateExited',
    'ExecutionSucceeded',
  ]);
});

test('iterations of a map stand in the order of their items', () => {
  const history = [
    event(1, 0, 'MapStateStarted', { length: 2 }),
    event(2, 1, 'MapIterationStarted', { index: 0 }),
    event(3, 1, 'MapIterationStarted', { index: 1 }),
    event(4, 3, 'MapIterationSucceeded', { index: 1 }),
    event(5, 2, 'MapIterationSucceeded', { index: 0 }),
    event(6, 5, 'MapStateSucceeded'),
  ];
  const [, fork, join] = goldenHistory(history) as [unknown, { branches: { index: number }[][] }, { type: string }];
  expect(fork.branches.map((branch) => branch.map(({ index }) => index))).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(join.type).toBe('MapStateSucceeded');
});
