import { names } from '@baton/local-platform';
import { expect, test } from 'vitest';
import { describeProgress, entryOf, mailEntry } from './timeline.ts';

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

const queueUrl = 'http://127.0.0.1:1/123456789012/orders';
const token = `AQCzAAAAKgAAAAMAAAAAAAAAA${'x'.repeat(640)}`;
const body = JSON.stringify({ taskToken: token });

test.each([
  ['sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: body }, {}, 'message sent', 'to orders'],
  ['sqs', 'ReceiveMessage', { QueueUrl: queueUrl }, { Messages: [{ Body: body }] }, 'message received', 'from orders'],
  [
    'sqs',
    'ReceiveMessage',
    { QueueUrl: queueUrl },
    { Messages: [{ Body: body, Attributes: { ApproximateReceiveCount: '3' } }, { Body: body }] },
    'message received',
    'from orders, 2 at once, for the 3rd time',
  ],
  ['lambda', 'Invoke', { FunctionName: 'arn:x:function:work', Payload: body }, {}, 'function invoked', 'work'],
  [
    'sns',
    'Publish',
    { TopicArn: 'arn:x:notices', Subject: 'Done', Message: body },
    {},
    'notice published',
    'to notices: Done',
  ],
  ['states', 'SendTaskSuccess', { taskToken: token, output: body }, {}, 'SendTaskSuccess', 'accepted'],
])('%s:%s is shown by names, without a body', (service, action, input, output, title, detail) => {
  const entry = entryOf({ service, action, input, output });
  expect(entry).toMatchObject({ title, detail });
  expect(JSON.stringify(entry)).not.toContain('AQC');
});

test('a look into an empty queue is not shown, nor a function of the platform', () => {
  expect(
    entryOf({ service: 'sqs', action: 'ReceiveMessage', input: { QueueUrl: queueUrl }, output: {} }),
  ).toBeUndefined();
  const FunctionName = names.function('dispatcher');
  expect(entryOf({ service: 'lambda', action: 'Invoke', input: { FunctionName }, output: {} })).toBeUndefined();
});

test('a mail is shown by its subject: its text may hold a link that decides', () => {
  const mail = { to: 'ann@example.com', subject: 'Please decide', text: 'https://x/approvals/secret' };
  expect(JSON.stringify(mailEntry(mail))).not.toContain('secret');
});
