import { describe, expect, it } from 'vitest';
import { DispatchContext, workKeyOf } from './dispatch-context.ts';
import { parse } from '../wire/parse.ts';
import { EXECUTION_ARN, sampleContext } from '../testing/samples.ts';

describe('the context of a dispatch', () => {
  it.each([
    ['absent', {}],
    ['null', { redriveCount: null }],
  ])('takes a redrive count that is %s for none', (_, redrive) => {
    expect(parse(DispatchContext, { ...sampleContext(), redriveCount: undefined, ...redrive }).redriveCount).toBe(0);
  });

  it.each([
    [
      'an express execution',
      { executionArn: EXECUTION_ARN.replace(':execution:', ':express:') },
      /executionArn: must be the ARN of a Standard execution/,
    ],
    ['a literal path', { enteredTime: '$$.State.EnteredTime' }, /enteredTime: must be a time/],
    ['a retry count as text', { retryCount: '0' }, /retryCount/],
    ['a field of no use', { input: {} }, /Unrecognized key: "input"/],
  ])('refuses %s', (_, over, message) => {
    expect(() => parse(DispatchContext, { ...sampleContext(), ...over })).toThrow(message);
  });

  it('has one work key for all attempts, and another for any other work (L7)', () => {
    const key = workKeyOf(sampleContext());
    expect(workKeyOf(sampleContext({ retryCount: 3 }))).toBe(key);
    for (const over of [
      { executionArn: `${EXECUTION_ARN}2` },
      { redriveCount: 1 },
      { state: 'Other' },
      { enteredTime: '2026-03-01T12:00:00.001Z' },
      { mapIndex: 0 },
    ]) {
      expect(workKeyOf(sampleContext(over))).not.toBe(key);
    }
  });
});
