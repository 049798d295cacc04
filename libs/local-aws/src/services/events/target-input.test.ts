import { describe, expect, it } from 'vitest';
import type { BusEvent } from './bus-event.ts';
import { compileTargetInput, type GivenInput } from './target-input.ts';

const event: BusEvent = {
  version: '0',
  id: 'e-1',
  'detail-type': 'Order "placed"',
  source: 'shop',
  account: '123456789012',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: ['arn:one', 'arn:two'],
  detail: { id: 7, who: 'Ann "A" Lee', tags: ['x'], odd: { 'a key': true } },
};
const rule = { name: 'orders', arn: 'arn:aws:events:us-east-1:123456789012:rule/orders' };
const input = (target: GivenInput): string => compileTargetInput(target)(event, rule);
const transform = (InputTemplate: string, InputPathsMap: Record<string, string> = {}): string =>
  input({ InputTransformer: { InputPathsMap, InputTemplate } });

describe('a target is sent', () => {
  it('the whole event', () => expect(JSON.parse(input({}))).toEqual(event));
  it('what Input says', () => expect(input({ Input: '{"fixed":true}' })).toBe('{"fixed":true}'));
  const paths: [string, string][] = [
    ['$', JSON.stringify(event)],
    ['$.detail.id', '7'],
    ['$.detail-type', '"Order \\"placed\\""'],
    ['$.resources[1]', '"arn:two"'],
    [`$.detail.odd['a key']`, 'true'],
    ['$.detail.none.below', '{}'],
  ];
  it.each(paths)('the part at %s', (InputPath, text) => expect(input({ InputPath })).toBe(text));
});

describe('a template', () => {
  it('gets values with their quotes outside of quotes, and without within', () => {
    const text = transform('{"id":<id>,"who":<who>,"text":"<who> ordered <id>, <tags>"}', {
      id: '$.detail.id',
      who: '$.detail.who',
      tags: '$.detail.tags',
    });
    expect(JSON.parse(text)).toEqual({ id: 7, who: 'Ann "A" Lee', text: 'Ann "A" Lee ordered 7, ["x"]' });
  });
  it('may have quotes within its quotes', () => {
    const text = transform('{"a":"say \\"<id>\\" to <who>"}', { id: '$.id', who: '$.source' });
    expect(JSON.parse(text)).toEqual({ a: 'say "e-1" to shop' });
  });
  it('gets null, or nothing within quotes, for what the event has not', () => {
    expect(transform('{"a":<a>,"b":"<a>"}', { a: '$.detail.none' })).toBe('{"a":null,"b":""}');
  });
  it('may name the rule and the event', () => {
    const names = '[<aws.events.rule-name>,<aws.events.rule-arn>,<aws.events.event.ingestion-time>]';
    expect(JSON.parse(transform(names))).toEqual(['orders', rule.arn, event.time]);
    expect(JSON.parse(transform('<aws.events.event.json>'))).toEqual(event);
    expect(JSON.parse(transform('<aws.events.event>'))).not.toHaveProperty('detail');
  });
});

describe('refused is', () => {
  const refusals: [string, GivenInput, RegExp][] = [
    ['Input that is no JSON', { Input: 'text' }, /Input is not valid/],
    ['a path that is none', { InputPath: 'detail.id' }, /InputPath is not valid/],
    ['a path with a search', { InputPath: '$..id' }, /InputPath is not valid/],
    ['two at once', { Input: '{}', InputPath: '$' }, /Only one of/],
    ['a placeholder without a path', { InputTransformer: { InputTemplate: '<id>' } }, /<id> is not in InputPathsMap/],
  ];
  it.each(refusals)('%s', (_, target, message) => expect(() => compileTargetInput(target)).toThrow(message));
});
