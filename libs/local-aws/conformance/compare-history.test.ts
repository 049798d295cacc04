import { describe, expect, it } from 'vitest';
import { compareHistory, type Event } from './compare-history.ts';
import type { RecordedEvent } from './scenario.ts';

/** `[id, previousEventId, type]` */
type Row = readonly [id: unknown, previousEventId: unknown, type: string];

const events = (rows: readonly Row[]): (Event & RecordedEvent)[] =>
  rows.map(([id, previousEventId, type]) => ({ id, previousEventId, type }) as Event & RecordedEvent);
const verdict = (expected: readonly Row[], found: readonly Row[]) => compareHistory(events(expected), events(found));

describe('where one event follows another', () => {
  const recorded: Row[] = [
    [1, 0, 'MapStateStarted'],
    [2, 1, 'MapIterationStarted'],
    [3, 2, 'MapIterationSucceeded'],
    [4, 3, 'MapStateSucceeded'],
    [5, 3, 'MapStateExited'],
  ];

  it('the order and the ids are compared, in a Map too', () => {
    expect(verdict(recorded, recorded)).toEqual({ level: 4 });
    const otherPlace = recorded.map((row): Row => (row[0] === 5 ? [5, 2, row[2]] : row));
    expect(verdict(recorded, otherPlace)).toEqual({
      level: 3,
      difference: 'event 5 (MapStateExited).previousEventId: 3 vs 2',
    });
    expect(verdict(recorded, recorded.slice(0, 4))).toEqual({
      level: 2,
      difference: 'event 5: MapStateExited vs the end',
    });
    const [first, second, third, fourth, fifth] = recorded as [Row, Row, Row, Row, Row];
    expect(verdict(recorded, [first, second, third, fifth, fourth]).level).toBe(2);
  });
});

describe('where branches run side by side', () => {
  const recorded: Row[] = [
    [1, 0, 'ParallelStateStarted'],
    [2, 1, 'PassStateEntered'],
    [3, 1, 'WaitStateEntered'],
    [4, 2, 'PassStateExited'],
    [5, 3, 'WaitStateExited'],
    [6, 5, 'ParallelStateSucceeded'],
    [7, 5, 'ParallelStateExited'],
  ];
  const interleavedOtherwise: Row[] = [
    [1, 0, 'ParallelStateStarted'],
    [2, 1, 'PassStateEntered'],
    [3, 2, 'PassStateExited'],
    [4, 1, 'WaitStateEntered'],
    [5, 4, 'WaitStateExited'],
    [6, 5, 'ParallelStateSucceeded'],
    [7, 5, 'ParallelStateExited'],
  ];

  it('the order of their events is not compared', () => {
    expect(verdict(recorded, interleavedOtherwise)).toEqual({ level: 4 });
  });

  it('the type of event that each event follows is compared', () => {
    const wrong = interleavedOtherwise.map((row): Row => (row[0] === 4 ? [4, 3, row[2]] : row));
    expect(verdict(recorded, wrong)).toEqual({
      level: 3,
      difference:
        'previousEventId: WaitStateEntered follows ParallelStateStarted vs WaitStateEntered follows PassStateExited',
    });
  });

  it('what comes before and after them is compared with its ids', () => {
    const late = interleavedOtherwise.map((row): Row => (row[0] === 7 ? [7, 3, row[2]] : row));
    expect(verdict(recorded, late)).toEqual({
      level: 3,
      difference: 'event 7 (ParallelStateExited).previousEventId: 5 vs 3',
    });
    const moved = interleavedOtherwise.map((row): Row => (row[0] === 1 ? [1, 9, row[2]] : row));
    expect(verdict(recorded, moved).level).toBe(3);
  });

  it('ids that the recorder erased are not compared', () => {
    const erased = recorded.map((row): Row => (Number(row[0]) > 1 && Number(row[0]) < 6 ? [[0], 0, row[2]] : row));
    expect(verdict(erased, interleavedOtherwise)).toEqual({ level: 4 });
  });

  it('iterations that were started at once interleave too', () => {
    const iterations: Row[] = [
      [1, 0, 'MapStateStarted'],
      [2, 1, 'MapIterationStarted'],
      [3, 1, 'MapIterationStarted'],
      [4, 2, 'PassStateEntered'],
      [5, 3, 'FailStateEntered'],
    ];
    const otherwise: Row[] = [...iterations.slice(0, 3), [4, 3, 'FailStateEntered'], [5, 2, 'PassStateEntered']];
    expect(verdict(iterations, otherwise)).toEqual({ level: 4 });
    expect(verdict(iterations, iterations.slice(0, 4)).level).toBe(2);
  });
});
