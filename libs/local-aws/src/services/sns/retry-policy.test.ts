import { expect, test } from 'vitest';
import { invalidParameter } from './refusals.ts';
import { parseRetryPolicy } from './retry-policy.ts';

const policy = (healthyRetryPolicy: object) => JSON.stringify({ healthyRetryPolicy });
const seconds = (text: string | undefined) => parseRetryPolicy(text, invalidParameter).map((delay) => delay / 1000);

test.each([
  ['the default', undefined, [20, 20, 20]],
  ['none', policy({ numRetries: 0 }), []],
  ['a line', policy({ minDelayTarget: 10, maxDelayTarget: 30, numRetries: 3 }), [10, 20, 30]],
  [
    'all phases',
    policy({
      minDelayTarget: 1,
      maxDelayTarget: 100,
      numRetries: 7,
      numNoDelayRetries: 1,
      numMinDelayRetries: 2,
      numMaxDelayRetries: 1,
      backoffFunction: 'exponential',
    }),
    [0, 1, 1, 1, 10, 100, 100],
  ],
])('the delays of %s', (_, text, delays) => expect(seconds(text)).toEqual(delays));

test.each([
  ['no JSON', 'x', /DeliveryPolicy: failed to parse JSON/],
  ['a bad number', policy({ numRetries: -1 }), /healthyRetryPolicy\.numRetries must be an integer/],
  ['too many retries', policy({ numRetries: 101 }), /less than or equal to 100/],
  ['an unknown function', policy({ backoffFunction: 'sudden' }), /backoffFunction "sudden"/],
])('%s is refused', (_, text, message) => expect(() => parseRetryPolicy(text, invalidParameter)).toThrow(message));
