import { describe, expect, it } from 'vitest';
import type { DocumentContent, DocumentParameter } from './document-content.ts';
import { resolveParameters } from './parameter-values.ts';

const document = (name: DocumentParameter): DocumentContent => ({
  schemaVersion: '2.2',
  parameters: { name },
  mainSteps: [],
});

describe('a value', () => {
  const accepted: [string, DocumentParameter, string[] | undefined, unknown][] = [
    ['is the one of the list for String', { type: 'String' }, ['a'], 'a'],
    ['is the list for StringList', { type: 'StringList' }, ['a', 'b'], ['a', 'b']],
    ['is read as JSON for StringMap', { type: 'StringMap' }, ['{"a":1}'], { a: 1 }],
    ['is the default where none is given', { type: 'String', default: 'a' }, undefined, 'a'],
    ['may be among the allowed ones', { type: 'String', allowedValues: ['a', 'b'] }, ['b'], 'b'],
    ['may match the pattern', { type: 'String', allowedPattern: '^[a-c]$' }, ['b'], 'b'],
  ];
  it.each(accepted)('%s', (_, parameter, given, value) => {
    expect(resolveParameters(document(parameter), given ? { name: given } : {})).toEqual({ name: value });
  });

  const refused: [string, DocumentParameter, string[] | undefined, RegExp][] = [
    ['is missing', { type: 'String' }, undefined, /must have a value/],
    ['is several', { type: 'String' }, ['a', 'b'], /takes one value; it got 2/],
    ['is none', { type: 'String' }, [], /takes one value; it got 0/],
    ['is not allowed', { type: 'String', allowedValues: ['a', 'b'] }, ['c'], /allowedValues a, b/],
    ['does not match', { type: 'String', allowedPattern: '^[a-c]$' }, ['d; rm -rf /'], /allowedPattern/],
    ['has an item that does not match', { type: 'StringList', allowedPattern: '^a$' }, ['a', 'b'], /"b"/],
    ['is too long', { type: 'String', maxChars: 1 }, ['ab'], /2 characters/],
    ['has too few items', { type: 'StringList', minItems: 2 }, ['a'], /1 items/],
    ['is no Integer', { type: 'Integer' }, ['1.5'], /Integer/],
    ['is no Boolean', { type: 'Boolean' }, ['yes'], /Boolean/],
    ['is no JSON', { type: 'MapList' }, ['{'], /JSON/],
  ];
  it.each(refused)('is refused when it %s', (_, parameter, given, message) => {
    const resolve = () => resolveParameters(document(parameter), given === undefined ? {} : { name: given });
    const error = expect.objectContaining({
      code: 'InvalidParameters',
      message: expect.stringMatching(message) as string,
    }) as Error;
    expect(resolve).toThrow(error);
  });
});
