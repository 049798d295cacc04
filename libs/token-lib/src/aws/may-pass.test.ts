import { ServiceException } from '@smithy/core/client';
import { expect, it } from 'vitest';
import { mayPass } from './may-pass.ts';

const refusal = (name: string, httpStatusCode: number) =>
  new ServiceException({ name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode } });

it.each([
  [Object.assign(new Error('read ECONNRESET'), { name: 'TimeoutError', code: 'ECONNRESET' }), true],
  [new Error('Could not load credentials from any providers'), true],
  [refusal('InternalError', 500), true],
  [refusal('ThrottlingException', 400), true],
  [refusal('TooManyRequestsException', 429), true],
  [refusal('OverLimit', 403), true],
  [refusal('QueueDoesNotExist', 400), false],
  [refusal('AccessDeniedException', 403), false],
])('%s may pass: %s', (error, passes) => {
  expect(mayPass(error)).toBe(passes);
});
