import { describe, expect, it } from 'vitest';
import { classifySendTaskError } from './send-task-errors.ts';

const named = (name: string): Error => Object.assign(new Error("Invalid Token: 'AQCEsecret'"), { name });

describe('what SendTask* answers', () => {
  it.each([
    ['gone', ['TaskTimedOut', 'TaskDoesNotExist']],
    ['rejected', ['InvalidToken', 'InvalidOutput', 'ValidationException']],
    ['denied', ['AccessDeniedException', 'AccessDenied', 'KmsAccessDeniedException', 'KmsInvalidStateException']],
    [
      'transient',
      [
        'ThrottlingException',
        'KmsThrottlingException',
        'InternalServerError',
        'TimeoutError',
        'ExpiredTokenException',
        'Error',
        '',
      ],
    ],
  ])('is %s for %j, by its name alone (L3)', (answer, names) => {
    for (const name of names) expect(classifySendTaskError(named(name))).toMatchObject({ answer, error: name });
  });

  it.each([
    ['ThrottlingException', true],
    ['TooManyRequestsException', true],
    ['KmsThrottlingException', true],
    ['AccessDeniedException', true],
    ['InternalServerError', undefined],
    ['TimeoutError', undefined],
    ['TaskTimedOut', undefined],
  ])('tells that an outcome cannot have been taken where Step Functions refused the request: %s', (name, notTaken) => {
    expect(classifySendTaskError(named(name)).notTaken).toBe(notTaken);
  });

  it('is transient for a network that is lost, by the name that the system or the error has', () => {
    const lost = (cause: unknown): Error => new TypeError('fetch failed', { cause });
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(classifySendTaskError(lost(refused))).toEqual({ answer: 'transient', error: 'ECONNREFUSED' });
    expect(classifySendTaskError(refused)).toEqual({ answer: 'transient', error: 'ECONNREFUSED' });
    const everyAddress = Object.assign(new AggregateError([refused]), { code: 'ECONNREFUSED' });
    expect(classifySendTaskError(everyAddress)).toEqual({ answer: 'transient', error: 'ECONNREFUSED' });
    const numbered = new DOMException('aborted', 'AbortError');
    for (const cause of [numbered, null, 'lost', undefined])
      expect(classifySendTaskError(lost(cause))).toEqual({ answer: 'transient', error: 'TypeError' });
  });

  it('is transient for what is no error at all', () => {
    expect(classifySendTaskError('boom')).toEqual({ answer: 'transient', error: 'unknown' });
  });
});
