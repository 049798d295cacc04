import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure, sameOutcome, success } from './outcome.ts';
import { MAX_CAUSE_CHARACTERS, MAX_JSON_LEVELS, MAX_OUTPUT_BYTES } from './limits.ts';
import { nested } from '../testing/samples.ts';

describe('a success', () => {
  it('holds any JSON value as text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        sameOutcome(success(value), { type: 'success', output: JSON.stringify(value) }),
      ),
    );
  });

  it('is measured in bytes of UTF-8, to the byte', () => {
    const most = MAX_OUTPUT_BYTES - 2;
    expect(success('x'.repeat(most)).type).toBe('success');
    expect(success('é'.repeat(most / 2)).type).toBe('success');
    expect(() => success('x'.repeat(most + 1))).toThrow(/the output has 262145 bytes, and Step Functions takes 262144/);
    expect(() => success('é'.repeat(most / 2 + 1))).toThrow(/262146 bytes/);
  });

  it('nests as far as others read it, to the level', () => {
    expect(success(nested(MAX_JSON_LEVELS)).type).toBe('success');
    expect(success({ text: '[{'.repeat(MAX_JSON_LEVELS), quoted: '"['.repeat(MAX_JSON_LEVELS) }).type).toBe('success');
    for (const levels of [MAX_JSON_LEVELS + 1, 5_000, 100_000]) {
      expect(() => success(nested(levels))).toThrow(
        expect.objectContaining({
          name: 'Baton.JsonTooDeep',
          message: expect.stringContaining('1,000 levels') as string,
        }),
      );
    }
  });

  it('needs a value', () => {
    expect(() => success(undefined)).toThrow(/output is missing/);
  });
});

describe('a failure', () => {
  it('is cut by code points, never inside one', () => {
    expect([...failure('E', '😀'.repeat(40_000)).cause]).toHaveLength(MAX_CAUSE_CHARACTERS);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { error } = failure(text, '');
        expect([...error].length).toBeLessThanOrEqual(256);
        expect(error.isWellFormed()).toBe(true);
      }),
    );
  });
});

it('an outcome equals itself, and no other kind or content', () => {
  const outcomes = [success(1), success('1'), failure('1', ''), failure('1', '1'), failure('2', '1')];
  for (const a of outcomes) for (const b of outcomes) expect(sameOutcome(a, b)).toBe(a === b);
});
