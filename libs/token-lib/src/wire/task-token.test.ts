import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleToken, tokenText } from '../testing/samples.ts';
import { revealTaskToken, TaskToken } from './task-token.ts';

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='];
const texts = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 1, maxLength: 2048 });

describe('a task token', () => {
  it('is any text of its alphabet up to 2,048 characters, with = wherever it stands', () => {
    fc.assert(fc.property(texts, (text) => revealTaskToken(TaskToken.parse(text)) === text));
    expect(revealTaskToken(TaskToken.parse(tokenText('real')))).toContain('==');
  });

  it.each([undefined, null, 7, {}, '', ' ', 'a b', 'a-b', 'a_b', 'a%2Bb', 'a'.repeat(2049), ['AAAA']])(
    'is not %j, and the refusal does not show what came',
    (value) => {
      expect(() => TaskToken.parse(value)).toThrow(/taskToken must be/);
    },
  );

  it('does not print, serialise, spread or clone by accident (L3)', () => {
    const token = sampleToken();
    const shown = [
      String(token),
      String([token]),
      JSON.stringify({ token }),
      inspect({ deep: { token } }, { depth: 9, showHidden: true }),
      JSON.stringify({ ...token }),
      JSON.stringify(structuredClone(token)),
      JSON.stringify(Object.getOwnPropertyNames(token)),
    ];
    for (const text of shown) expect(text).not.toContain(tokenText('first').slice(0, 20));
  });
});
