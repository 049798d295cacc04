import { measuresOf, seconds } from '@baton/token-lib';
import { sampleApprovalWork, sampleRow, START, throttled } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { world } from '../test/world.ts';
import { metricLine } from './metric-line.ts';

describe('what the reconciler has seen', () => {
  it('is measured when nothing is due, so that an alarm ends', () => {
    const nothing = { seen: [], due: 0, openSince: undefined };
    expect(measuresOf(nothing, START)).toEqual({ due: 0, oldestOpen: 0, longestOverdue: 0, oldestSettling: 0 });
  });

  it('has the age of the oldest open callback, and how long its task should be over', () => {
    const early = { ...sampleRow('early'), deadline: START + seconds(50) };
    const late = { ...sampleRow('late'), deadline: START - seconds(30) };
    expect(measuresOf({ seen: [early, late], due: 2, openSince: START - seconds(90) }, START)).toEqual({
      due: 2,
      oldestOpen: seconds(90),
      longestOverdue: seconds(30),
      oldestSettling: 0,
    });
  });

  it('has the age of a question that nobody has to look at yet', async () => {
    const here = world();
    await here.dispatchWork(sampleApprovalWork({}));
    here.clock.now += seconds(1800);
    await here.tick();
    expect(here.measured.at(-1)).toMatchObject({ due: 0, oldestOpen: seconds(1800) });
  });

  it('has the age of an outcome that Step Functions has not taken, until it does', async () => {
    const here = world();
    const { callbackId } = await here.dispatch();
    await here.claim(callbackId);
    const from = here.clock.now;
    here.stepFunctions.refuses = () => (here.clock.now < from + seconds(1500) ? throttled : undefined);
    await here.success(callbackId, 1);
    const ages: number[] = [];
    for (let round = 0; round < 5; round++) {
      here.clock.now = from + seconds(600) * (round + 1);
      await here.tick();
      ages.push(here.measured.at(-1)!.oldestSettling);
    }
    expect(ages).toEqual([seconds(600), seconds(1200), seconds(1800), 0, 0]);
  });
});

it('is a line of the embedded metric format, with the function for a dimension', () => {
  const line = metricLine(
    { due: 3, oldestOpen: seconds(90), longestOverdue: 0, oldestSettling: seconds(20), pendingSubscriptions: 2 },
    'baton-x',
    START,
  );
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: START,
      CloudWatchMetrics: [
        {
          Namespace: 'Baton',
          Dimensions: [['FunctionName']],
          Metrics: [
            { Name: 'Due', Unit: 'Count' },
            { Name: 'OldestOpen', Unit: 'Seconds' },
            { Name: 'LongestOverdue', Unit: 'Seconds' },
            { Name: 'OldestSettling', Unit: 'Seconds' },
            { Name: 'PendingSubscriptions', Unit: 'Count' },
          ],
        },
      ],
    },
    FunctionName: 'baton-x',
    Due: 3,
    OldestOpen: 90,
    LongestOverdue: 0,
    OldestSettling: 20,
    PendingSubscriptions: 2,
  });
});
