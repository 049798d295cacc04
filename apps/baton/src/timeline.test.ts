import { names } from '@baton/local-platform';
import { expect, test } from 'vitest';
import { describeProgress, entryOf } from './timeline.ts';

const row = (state: string, ConditionExpression: string) =>
  entryOf({
    service: 'dynamodb',
    action: 'PutItem',
    input: {
      TableName: names.table,
      ConditionExpression,
      Item: { pk: { S: 'cb' }, sk: { S: 'callback' }, state: { S: state }, token: { S: 'SECRET' } },
    },
    output: {},
  });

test('a callback is shown when its row is new, by its id and never by its token', () => {
  expect(row('Stored', 'attribute_not_exists(pk)')).toEqual({
    kind: 'step',
    title: 'callback stored',
    detail: 'callbackId cb',
  });
  expect(row('Dispatched', '#version = :version')).toBeUndefined();
});

test('a claim that is refused is shown with its reason', () => {
  const entry = entryOf({
    service: 'execute-api',
    action: 'POST /callbacks/{callbackId}/claim',
    input: { pathParameters: { callbackId: 'cb' }, body: '{}' },
    output: { statusCode: 200, body: '{"answer":"refused","reason":"claimed by another process"}' },
  });
  expect(entry).toEqual({ kind: 'bad', title: 'claim: refused', detail: 'claimed by another process' });
});

test.each([
  [{ rows: 50, of: 200 }, '██████░░░░░░░░░░░░░░░░░░ 25 %  50 of 200 rows'],
  [{ rows: 300, of: 200 }, '████████████████████████ 100 %  300 of 200 rows'],
  [{ phase: 'copy', file: 3 }, 'phase copy, file 3'],
  [{}, ''],
  [null, 'null'],
])('progress %j reads %s', (progress, text) => {
  expect(describeProgress(progress)).toBe(text);
});
