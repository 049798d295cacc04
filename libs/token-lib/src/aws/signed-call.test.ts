import { expect, it } from 'vitest';
import { AwsRefusal, mayPass, pauseAfter } from './signed-call.ts';

it.each([
  [1, 0, 100],
  [1, 0.5, 200],
  [2, 0.5, 400],
  [8, 0.999, 38_374],
  [9, 0.5, 30_000],
  [1_100, 0.5, 30_000],
])('the pause after attempt %i, by chance %d, is %i ms', (attempt, chance, millis) => {
  expect(Math.round(pauseAfter(attempt, chance))).toBe(millis);
});

it.each([
  [new TypeError('fetch failed'), true],
  [new AwsRefusal('InternalError', 500), true],
  [new AwsRefusal('ThrottlingException', 400), true],
  [new AwsRefusal('TooManyRequestsException', 429), true],
  [new AwsRefusal('QueueDoesNotExist', 400), false],
  [new AwsRefusal('AccessDeniedException', 403), false],
])('%s may pass: %s', (error, passes) => {
  expect(mayPass(error)).toBe(passes);
});
