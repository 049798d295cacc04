import fc from 'fast-check';
import { expect, it } from 'vitest';
import { locateIn, originsOf } from './position.ts';

it('counts lines and columns from 1', () => {
  const locate = locateIn('ab\nc\r\n\nd');
  expect([0, 1, 2, 3, 6, 7, 8].map((offset) => Object.values(locate(offset)).join(':'))).toEqual([
    ...['1:1', '1:2', '1:3', '2:1', '3:1', '4:1', '4:2'],
  ]);
});

it('agrees with counting by hand', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '"')), fc.nat(30), (characters, nat) => {
      const text = characters.join('');
      const offset = Math.min(nat, text.length);
      const lines = text.slice(0, offset).split('\n');
      expect(locateIn(text)(offset)).toEqual({ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
    }),
  );
});

it('finds where each character of a literal is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(9), (text, start) => {
      const literal = JSON.stringify(text);
      const origins = originsOf(literal, start);
      expect(origins.length).toBe(text.length + 1);
      expect(origins.at(-1)).toBe(start + literal.length - 1);
      for (const [index, origin] of origins.slice(0, -1).entries()) {
        const next = origins[index + 1] ?? 0;
        expect(JSON.parse(`"${literal.slice(origin - start, next - start)}"`)).toBe(text[index]);
      }
    }),
  );
});
