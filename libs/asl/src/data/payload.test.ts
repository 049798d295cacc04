import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exceedsBytes, MAX_PAYLOAD_BYTES, Payload } from './payload.ts';

describe('payload', () => {
  test('counts bytes as UTF-8 does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(120), (text, limit) => {
        expect(exceedsBytes(text, limit)).toBe(new TextEncoder().encode(text).length > limit);
      }),
    );
  });

  test('262,144 bytes are allowed', () => {
    expect(Payload.ofText('x'.repeat(MAX_PAYLOAD_BYTES)).isTooLarge()).toBe(false);
    expect(Payload.ofText('ü'.repeat(MAX_PAYLOAD_BYTES / 2)).isTooLarge()).toBe(false);
    expect(Payload.ofText('ü'.repeat(MAX_PAYLOAD_BYTES / 2) + 'x').isTooLarge()).toBe(true);
  });

  test('compact() removes the same white space as JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(JSON.parse(Payload.ofText(text).compact().text)).toEqual(JSON.parse(text));
        expect(Payload.ofText(text).compact().text).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
