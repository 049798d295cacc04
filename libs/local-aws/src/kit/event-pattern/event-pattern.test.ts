import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './event-pattern.ts';

const matches = (pattern: unknown, event: unknown): boolean => compilePattern(JSON.stringify(pattern))(event);

/** Pattern of the member `a`, events that match, events that do not. */
const leaves: [string, unknown[], unknown[], unknown[]][] = [
  ['a text', ['x'], [{ a: 'x' }, { a: ['y', 'x'] }], [{ a: 'X' }, { a: 'xx' }, { b: 'x' }, { a: { x: 1 } }, {}]],
  ['the empty text', [''], [{ a: '' }], [{ a: 'x' }, {}]],
  ['a number', [300], [{ a: 300 }, { a: 3e2 }], [{ a: '300' }, { a: 301 }]],
  ['a boolean', [true], [{ a: true }], [{ a: 'true' }, { a: false }, { a: 1 }]],
  ['null', [null], [{ a: null }], [{ a: 'null' }, {}, { a: [] }]],
  ['one of several', ['x', 'y'], [{ a: 'y' }], [{ a: 'z' }]],
  ['prefix', [{ prefix: 'us-' }], [{ a: 'us-east' }, { a: 'us-' }], [{ a: 'US-east' }, { a: 5 }, {}]],
  ['prefix, any case', [{ prefix: { 'equals-ignore-case': 'us-' } }], [{ a: 'US-east' }], [{ a: 'eu' }]],
  ['suffix', [{ suffix: '.png' }], [{ a: 'x.png' }], [{ a: 'x.PNG' }, { a: '.png.gz' }]],
  ['suffix, any case', [{ suffix: { 'equals-ignore-case': '.png' } }], [{ a: 'x.PNG' }], [{ a: 'x.jpg' }]],
  ['any case', [{ 'equals-ignore-case': 'Ab' }], [{ a: 'aB' }], [{ a: 'abc' }, { a: 1 }]],
  ['anything but a text', [{ 'anything-but': 'x' }], [{ a: 'y' }, { a: 1 }, { a: ['x', 'y'] }], [{ a: 'x' }, {}]],
  ['anything but some', [{ 'anything-but': ['x', 1] }], [{ a: 'y' }, { a: 2 }], [{ a: 'x' }, { a: 1 }]],
  ['anything but a prefix', [{ 'anything-but': { prefix: 'x' } }], [{ a: 'yx' }], [{ a: 'xy' }, {}]],
  ['anything but prefixes', [{ 'anything-but': { prefix: ['x', 'y'] } }], [{ a: 'z' }], [{ a: 'yz' }]],
  ['anything but a suffix', [{ 'anything-but': { suffix: 'x' } }], [{ a: 'xy' }], [{ a: 'yx' }]],
  ['anything but, any case', [{ 'anything-but': { 'equals-ignore-case': ['x'] } }], [{ a: 'y' }], [{ a: 'X' }]],
  ['anything but a wildcard', [{ 'anything-but': { wildcard: '*/x/*' } }], [{ a: 'a/y/b' }], [{ a: 'a/x/b' }]],
  ['equal number', [{ numeric: ['=', 5] }], [{ a: 5 }, { a: 5.0 }], [{ a: '5' }, { a: 6 }]],
  ['number below', [{ numeric: ['<', 5] }], [{ a: 4.9 }, { a: -5 }], [{ a: 5 }]],
  ['number range', [{ numeric: ['>', 0, '<=', 5] }], [{ a: 5 }, { a: 0.1 }], [{ a: 0 }, { a: 5.1 }]],
  ['exists', [{ exists: true }], [{ a: null }, { a: 'x' }, { a: ['x'] }], [{}, { a: { b: 1 } }, { a: [] }]],
  ['exists not', [{ exists: false }], [{}, { a: { b: 1 } }, { a: [] }], [{ a: null }, { a: 'x' }]],
  ['cidr', [{ cidr: '10.0.0.0/24' }], [{ a: '10.0.0.255' }], [{ a: '10.0.1.0' }, { a: 'x' }, { a: '::1' }]],
  ['cidr of version 6', [{ cidr: '2001:db8::/32' }], [{ a: '2001:db8::1' }], [{ a: '2001:db9::1' }, { a: '10.0.0.1' }]],
  ['wildcard', [{ wildcard: 'a*b*c' }], [{ a: 'abc' }, { a: 'a-b-b-c' }], [{ a: 'abcd' }, { a: 'acb' }]],
  ['wildcard, repeated', [{ wildcard: '*a*a*' }], [{ a: 'aa' }], [{ a: 'a' }]],
  ['wildcard, overlapping', [{ wildcard: 'aba*ba' }], [{ a: 'ababa' }, { a: 'aba-ba' }], [{ a: 'aba' }]],
  ['wildcard, escaped', [{ wildcard: 'a\\*\\\\*' }], [{ a: 'a*\\x' }], [{ a: 'ab\\x' }]],
];

describe('a list of a pattern', () => {
  it.each(leaves)('matches %s', (_, leaf, yes, no) => {
    for (const event of yes) expect(matches({ a: leaf }, event), JSON.stringify(event)).toBe(true);
    for (const event of no) expect(matches({ a: leaf }, event), JSON.stringify(event)).toBe(false);
  });
});

describe('a pattern', () => {
  const cases: [string, unknown, unknown, boolean][] = [
    ['needs all keys', { a: [1], b: [2] }, { a: 1, b: 2 }, true],
    ['needs all keys', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
    ['descends', { a: { b: { c: ['x'] } } }, { a: { b: { c: 'x', d: 1 } } }, true],
    ['finds absent what has no parent', { a: { b: [{ exists: false }] } }, {}, true],
    ['finds absent what is below a text', { a: { b: [{ exists: false }] } }, { a: 'x' }, true],
    [
      'takes one object of a list',
      { a: { b: [1], c: [2] } },
      {
        a: [
          { b: 1, c: 3 },
          { b: 1, c: 2 },
        ],
      },
      true,
    ],
    ['does not mix the objects of a list', { a: { b: [1], c: [2] } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    ['may have alternatives', { $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
    ['may have alternatives', { $or: [{ a: [1] }, { b: [2] }] }, { a: 2, b: 1 }, false],
    ['may have alternatives below', { a: { $or: [{ b: [1] }, { c: [2] }], d: [3] } }, { a: { c: 2, d: 3 } }, true],
    ['sees no inherited member', { constructor: [{ exists: false }] }, {}, true],
  ];
  it.each(cases)('%s: %j of %j is %s', (_, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('of the very values of an event matches it, and no other value', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(value, value, (mine, other) => {
        expect(matches({ detail: { key: [mine] } }, { detail: { key: other } })).toBe(mine === other);
      }),
    );
  });

  it('with a wildcard finds what the same regular expression finds', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*') }).map((text) => text.replace(/\*+/g, '*'));
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b') }), (wildcard, value) => {
        const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(value);
        expect(matches({ a: [{ wildcard }] }, { a: value })).toBe(expected);
      }),
    );
  });
});

describe('a bad pattern is refused', () => {
  const refusals: [string, string, RegExp][] = [
    ['that is no JSON', '{', /Invalid JSON/],
    ['that is a list', '[]', /Filter is not an object/],
    ['that is empty', '{}', /Empty objects/],
    ['with a bare value', '{"source":"x"}', /"source" must be an object or an array/],
    ['with an empty list', '{"a":[]}', /Empty arrays/],
    ['with an unknown match type', '{"a":[{"startsWith":"x"}]}', /Unrecognized match type startsWith/],
    ['with two match types at once', '{"a":[{"prefix":"x","suffix":"y"}]}', /Only one key/],
    ['with a list in a list', '{"a":[["x"]]}', /Match value must be/],
    ['with a prefix that is no text', '{"a":[{"prefix":1}]}', /prefix match pattern must be a string/],
    ['with an exists of no boolean', '{"a":[{"exists":"yes"}]}', /exists/],
    ['with numeric that is no list', '{"a":[{"numeric":5}]}', /must be an array/],
    ['with an unknown comparison', '{"a":[{"numeric":["!=",5]}]}', /Unrecognized numeric range operator: !=/],
    ['with a bound of no number', '{"a":[{"numeric":["<","5"]}]}', /must be numeric/],
    ['with an empty range', '{"a":[{"numeric":[">",5,"<",5]}]}', /Bottom must be less than top/],
    ['with a range the wrong way', '{"a":[{"numeric":["<",5,">",1]}]}', /Bad numeric range/],
    ['with a broken cidr', '{"a":[{"cidr":"10.0.0.0/33"}]}', /Malformed CIDR/],
    ['with two stars', '{"a":[{"wildcard":"a**"}]}', /Consecutive wildcard/],
    ['with a stray escape', '{"a":[{"wildcard":"a\\\\b"}]}', /Invalid escape/],
    ['with one alternative', '{"$or":[{"a":[1]}]}', /\$or/],
    ['with anything but null', '{"a":[{"anything-but":[null]}]}', /anything but/],
    ['with anything but a number range', '{"a":[{"anything-but":{"numeric":["<",1]}}]}', /anything-but/],
  ];
  it.each(refusals)('%s', (_, pattern, reason) => {
    const error = expect.objectContaining({
      code: 'InvalidEventPatternException',
      message: expect.stringMatching(reason) as string,
    }) as Error;
    expect(() => compilePattern(pattern)).toThrow(error);
  });
});
