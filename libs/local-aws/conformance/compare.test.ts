import { describe, expect, it } from 'vitest';
import { compareExecution, compareRefusal } from './compare.ts';
import type { Event } from './compare-history.ts';
import type { ExpectedExecution } from './scenario.ts';

const entered = (id: number, name: string) => ({
  id,
  previousEventId: id - 1,
  type: 'PassStateEntered',
  stateEnteredEventDetails: { name },
});
const ended = (id: number, output: string) => ({
  id,
  previousEventId: id - 1,
  type: 'ExecutionSucceeded',
  executionSucceededEventDetails: { output },
});
const recorded = {
  execution: 'ex1',
  final: { status: 'SUCCEEDED', output: '{"a":1}' },
  events: [entered(1, 'A'), entered(2, 'B'), ended(3, '{"a":1}')],
} as unknown as ExpectedExecution;
const levelOf = (...[status, history, recorderDrops]: [string, Event[], string[]?]) =>
  compareExecution(recorded, status, history, recorderDrops).level;

describe('an execution reaches', () => {
  it.each([
    [0, 'FAILED', [entered(1, 'A'), entered(2, 'B'), ended(3, '{"a":1}')]],
    [1, 'SUCCEEDED', [entered(1, 'A'), entered(2, 'B'), ended(3, '{"a":2}')]],
    [2, 'SUCCEEDED', [entered(1, 'A'), ended(3, '{"a":1}')]],
    [3, 'SUCCEEDED', [entered(1, 'A'), entered(2, 'C'), ended(3, '{"a":1}')]],
    [3, 'SUCCEEDED', [entered(1, 'B'), entered(2, 'A'), ended(3, '{"a":1}')]],
    [4, 'SUCCEEDED', [entered(1, 'A'), entered(2, 'B'), ended(3, '{ "a": 1 }')]],
  ])('level %d when it is %s with %j', (level, status, history) => {
    expect(levelOf(status, history)).toBe(level);
  });

  it('level 4 without the events that the recorder drops', () => {
    const history = [entered(1, 'A'), entered(2, 'B'), { id: 3, type: 'Dropped' }, ended(3, '{"a":1}')];
    expect(levelOf('SUCCEEDED', history, ['Dropped'])).toBe(4);
  });
});

it('a refusal must come, with its code and its message', () => {
  const refusal = { Code: 'InvalidArn', Message: 'Invalid Arn: <x>' };
  expect(compareRefusal(refusal, undefined).level).toBe(0);
  expect(compareRefusal(refusal, { code: 'Other', message: '' }).level).toBe(1);
  expect(compareRefusal(refusal, { code: 'InvalidArn', message: 'no' }).level).toBe(2);
  expect(compareRefusal(refusal, { code: 'InvalidArn', message: 'Invalid Arn: y' }).level).toBe(4);
  const spoken = 'An error occurred (InvalidArn) when calling the GetX operation: Invalid Arn';
  expect(
    compareRefusal(
      { exceptionType: 'InvalidArn', exceptionValue: spoken },
      { code: 'InvalidArn', message: 'Invalid Arn' },
    ).level,
  ).toBe(4);
});
