import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../protocol.ts';
import { find, parseJsonPath, type PathScope } from './json-path.ts';
import { insertAt, parseReferencePath } from './reference-path.ts';

const scopeOf = (input: Json): PathScope => ({ input, context: () => null, variable: () => undefined });

describe('reference paths', () => {
  test.each([
    ['$', { a: 1 }, 'v'],
    ['$.b', { a: 1 }, { a: 1, b: 'v' }],
    ['$.a', { a: 1 }, { a: 'v' }],
    ['$.x.y', {}, { x: { y: 'v' } }],
    ['$.l[1].n', { l: [0, { m: 1 }] }, { l: [0, { m: 1, n: 'v' }] }],
    ["$['odd name'].x", {}, { 'odd name': { x: 'v' } }],
  ])('%s of %j', (path, document, expected) => {
    expect(insertAt(document as Json, parseReferencePath(path), 'v')).toEqual({ value: expected });
  });

  test.each([
    ['$.a.b', { a: 1 }, 'b'],
    ['$.a', [1], 'a'],
    ['$.l[2]', { l: [0] }, 2],
    ['$.l[0]', { l: {} }, 0],
  ])('%s conflicts with %j', (path, document, conflict) => {
    expect(insertAt(document as Json, parseReferencePath(path), 'v')).toEqual({ conflict });
  });

  test.each(['$.a[*]', '$..a', '$$.x', '$name', '$.a[?(@.b)]', 'a', ''])('%s is not a reference path', (path) => {
    expect(() => parseReferencePath(path)).toThrow(SyntaxError);
  });

  test('a value that was inserted at a path is found there, and the document is unchanged', () => {
    const names = fc.stringMatching(/^[a-z]{1,3}$/);
    const documents = fc.dictionary(names, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(
        documents,
        fc.array(names, { minLength: 1, maxLength: 3 }),
        fc.jsonValue(),
        (document, steps, value) => {
          const before = JSON.stringify(document);
          const text = `$.${steps.join('.')}`;
          const merged = insertAt(document as Json, parseReferencePath(text), value as Json);
          expect(JSON.stringify(document)).toBe(before);
          if ('value' in merged) expect(find(parseJsonPath(text), scopeOf(merged.value))).toEqual({ value });
        },
      ),
    );
  });
});
