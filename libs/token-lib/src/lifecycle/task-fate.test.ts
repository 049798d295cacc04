import { describe, expect, it } from 'vitest';
import { type TaskEvent, taskFate } from './task-fate.ts';

/** In the order of the history; the reader meets them backwards. */
const history = (...events: [type: string, previousEventId: number, more?: Partial<TaskEvent>][]): TaskEvent[] =>
  events.map(([type, previousEventId, more], index) => ({ id: index + 1, previousEventId, type, ...more })).reverse();

const scheduled = (token: string) => ({ parameters: JSON.stringify({ Payload: { taskToken: token } }) });
const waiting: Parameters<typeof history> = [
  ['ExecutionStarted', 0],
  ['TaskStateEntered', 0],
  ['TaskScheduled', 2, scheduled('AAA')],
  ['TaskStarted', 3],
  ['TaskSubmitted', 4],
];

describe('what became of a task, by the history of its execution', () => {
  it.each([
    ['open while it waits', [], { fate: 'open' }],
    ['succeeded', [['TaskSucceeded', 5]], { fate: 'succeeded' }],
    [
      'failed, with its error',
      [['TaskFailed', 5, { error: 'Baton.JobFailed' }]],
      { fate: 'failed', error: 'Baton.JobFailed' },
    ],
    ['closed by its timeout', [['TaskTimedOut', 5]], { fate: 'closed', by: 'TaskTimedOut' }],
    ['closed with its branch', [['TaskStateAborted', 5]], { fate: 'closed', by: 'TaskStateAborted' }],
    ['closed with the execution', [['ExecutionAborted', 0]], { fate: 'closed', by: 'ExecutionAborted' }],
    [
      'its own, not the next attempt',
      [
        ['TaskTimedOut', 5],
        ['TaskScheduled', 6, scheduled('BBB')],
        ['TaskStarted', 7],
        ['TaskSucceeded', 8],
      ],
      { fate: 'closed', by: 'TaskTimedOut' },
    ],
  ] as [string, Parameters<typeof history>, unknown][])('%s', (_, more, fate) => {
    expect(taskFate(history(...waiting, ...more), 'AAA')).toEqual(fate);
  });

  it('is open after a redrive, although the execution had ended before', () => {
    const redriven = history(
      ['ExecutionAborted', 0],
      ['ExecutionRedriven', 0],
      ['TaskScheduled', 2, scheduled('AAA')],
      ['TaskStarted', 3],
    );
    expect(taskFate(redriven, 'AAA')).toEqual({ fate: 'open' });
  });

  it('follows its own chain among parallel branches', () => {
    const parallel = history(
      ['ParallelStateStarted', 0],
      ['TaskScheduled', 1, scheduled('AAA')],
      ['TaskScheduled', 1, scheduled('BBB')],
      ['TaskStarted', 2],
      ['TaskStarted', 3],
      ['TaskSucceeded', 5],
    );
    expect(taskFate(parallel, 'AAA')).toEqual({ fate: 'open' });
    expect(taskFate(parallel, 'BBB')).toEqual({ fate: 'succeeded' });
  });

  it('is not known where the task is not in what was read', () => {
    expect(taskFate(history(...waiting), 'CCC')).toBeUndefined();
  });
});
