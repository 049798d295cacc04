import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallbackId, callbackIdOf } from './callback-id.ts';
import { TaskToken } from './task-token.ts';

const tokens = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019+/='), minLength: 1, maxLength: 100 })
  .map((text) => ({ text, token: TaskToken.parse(text) }));

describe('a callbackId', () => {
  it('is the first 130 bits of the SHA-256 of the token, in Crockford base32', () => {
    fc.assert(
      fc.property(tokens, ({ text, token }) => {
        const bits = [...createHash('sha256').update(text).digest()]
          .map((byte) => byte.toString(2).padStart(8, '0'))
          .join('');
        const groups = bits.slice(0, 130).match(/.{5}/g)!;
        expect(callbackIdOf(token)).toBe(
          groups.map((group) => '0123456789abcdefghjkmnpqrstvwxyz'[parseInt(group, 2)]).join(''),
        );
      }),
    );
  });

  it('has the one form that the SSM document and the routes let through', () => {
    fc.assert(fc.property(tokens, ({ token }) => CallbackId.safeParse(callbackIdOf(token)).success));
    for (const bad of ['', 'a'.repeat(25), 'a'.repeat(27), 'i'.repeat(26), 'A'.repeat(26), `${'a'.repeat(25)}\n`]) {
      expect(CallbackId.safeParse(bad).success).toBe(false);
    }
  });
});
