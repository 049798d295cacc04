import { describe, expect, it } from 'vitest';
import { difference } from './match.ts';

describe('a value is as recorded', () => {
  it.each([
    ['equal values', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    ['anything for a placeholder that says so', { a: '{{any}}', b: 'timestamp' }, { a: 5, b: 17 }],
    ['a part of a text', 'arn:<partition>:states:<region>:111111111111:x', 'arn:aws:states:us-east-1:123456789012:x'],
    ['the same value for the same tag', { a: '<uuid:1>', b: 'is <uuid:1>' }, { a: 'u-1', b: 'is u-1' }],
    ['JSON that stands as text', { input: { a: 1 } }, { input: '{"a": 1}' }],
    ['text that was recorded as JSON text', '{"a":1,"b":2}', '{"b": 2, "a": 1}'],
    [
      'a function error by its type and message',
      { errorType: 'E', errorMessage: 'm', stackTrace: [1] },
      { errorType: 'E', errorMessage: 'm', trace: 'x' },
    ],
    ['whatever is not compared', { timestamp: 1, roleArn: 'r', SdkHttpMetadata: {} }, { timestamp: 2 }],
  ])('with %s', (_, expected, given) => {
    expect(difference(expected, given, new Map())).toBeUndefined();
  });

  it.each([
    ['another value', { a: 1 }, { a: 2 }, '$.a: 1 vs 2'],
    ['a truth for a number', [1], [true], '$[0]: 1 vs true'],
    ['another length', [1], [1, 2], '$: expected a list of 1, got [1,2]'],
    ['a missing and an added member', { a: 1 }, { b: 1 }, '$: without a; with b'],
    [
      'another value for the same tag',
      { a: '<uuid:1>', b: '<uuid:1>' },
      { a: 'u-1', b: 'u-2' },
      '$.b: "<uuid:1>" vs "u-2"',
    ],
    ['text around a placeholder', 'at <region>.', 'in us-east-1.', '$: "at <region>." vs "in us-east-1."'],
    ['nothing', { a: 'x' }, {}, '$: without a; with '],
  ])('but not with %s', (_, expected, given, found) => {
    expect(difference(expected, given, new Map())).toBe(found);
  });
});
