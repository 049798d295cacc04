import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSequences, maskPlaceholders } from './placeholders.ts';

const mask = (text: string): string => maskPlaceholders(text, findSequences(text));

describe('maskPlaceholders', () => {
  it.each([
    ['{"a": ${limit}}', '{"a": 99999999}'],
    ['{"a": ${a}}', '{"a": 9999}'],
    ['{"a": ${timeout_seconds}, "b": 1}', '{"a": 99999999          , "b": 1}'],
    ['{"a": "x${b}y"}', '{"a": "xxxxxy"}'],
    ['{"a": "${b["c"]}"}', '{"a": "xxxxxxxxx"}'],
    ['{"a": "\\"${b}"}', '{"a": "\\"xxxx"}'],
    ['{"a": ${a}${b}}', '{"a": 9999    }'],
    ['{"a": ${jsonencode({ b = "}" })}}', '{"a": 99999999                  }'],
    ['[1%{ if a }, 2%{ endif }]', '[1         , 2          ]'],
    ['{"a": "%{ if b }c%{ endif }"}', '{"a": "xxxxxxxxxcxxxxxxxxxx"}'],
    ['{${a}: 1, ${b} : 2}', '{"xx": 1, "xx" : 2}'],
    ['{${a}, "b": [1], ${c}}', '{    , "b": [1],     }'],
    ['{"a": [${b}, ${c}]}', '{"a": [9999, 9999]}'],
  ])('%s', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each(['{"a": "$${b}"}', '{"a": "%%{if}"}', '{"a": "${b"}', '{"a": "$.b", "c": "{% $states.input %}"}'])(
    'leaves %s as it is',
    (text) => {
      expect(mask(text)).toBe(text);
      expect(findSequences(text)).toEqual([]);
    },
  );

  it('moves nothing, whatever the text', () => {
    const pieces = fc.constantFrom('${', '}', '"', '\\', '{', '%{ if', '%{', '$${', 'a', '1', '\n', ':', ',', '[', ']');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const masked = mask(text);
        expect(masked.length).toBe(text.length);
        let last = 0;
        for (const { start, end } of findSequences(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
      }),
    );
  });
});
