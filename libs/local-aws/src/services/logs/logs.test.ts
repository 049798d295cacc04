import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createLogs, type Logs } from './logs.ts';

let world: TestWorld;
let logs: Logs;
beforeEach(() => {
  world = createTestWorld();
  logs = createLogs(world.world);
});
afterEach(() => world.close());

const log = (message: string, stream = 's', timestamp = 1000): void => logs.append('g', { stream, timestamp, message });
const filter = async (more: JsonObject): Promise<{ messages: string[]; nextToken: unknown }> => {
  const { events, nextToken } = await act(logs, 'FilterLogEvents', { logGroupName: 'g', ...more });
  return { messages: (events as { message: string }[]).map(({ message }) => message), nextToken };
};

test('a group is made, kept, described and deleted', async () => {
  await act(logs, 'CreateLogGroup', { logGroupName: '/aws/b' });
  await act(logs, 'CreateLogGroup', { logGroupName: '/aws/a' });
  await act(logs, 'CreateLogGroup', { logGroupName: 'other' });
  await act(logs, 'PutRetentionPolicy', { logGroupName: '/aws/a', retentionInDays: 7 });
  const first = await act(logs, 'DescribeLogGroups', { logGroupNamePrefix: '/aws/', limit: 1 });
  expect(first['logGroups']).toEqual([
    {
      logGroupName: '/aws/a',
      arn: 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/a:*',
      creationTime: world.clock.now(),
      retentionInDays: 7,
      storedBytes: 0,
    },
  ]);
  const second = await act(logs, 'DescribeLogGroups', { logGroupNamePrefix: '/aws/', nextToken: first['nextToken'] });
  expect(second).toMatchObject({ logGroups: [{ logGroupName: '/aws/b' }] });
  await act(logs, 'DeleteLogGroup', { logGroupName: '/aws/a' });
  expect(await refusalOf(act(logs, 'DescribeLogStreams', { logGroupName: '/aws/a' }))).toMatch('ResourceNotFound');
});

test('events are found by stream, time and terms, page by page', async () => {
  log('one START');
  log('two START here', 'other', 2000);
  log('three', 's', 3000);
  expect((await filter({ filterPattern: 'START' })).messages).toEqual(['one START', 'two START here']);
  expect((await filter({ filterPattern: '"START here"' })).messages).toEqual(['two START here']);
  expect((await filter({ logStreamNames: ['other'] })).messages).toEqual(['two START here']);
  expect((await filter({ startTime: 2000, endTime: 2000 })).messages).toEqual(['two START here']);
  const page = await filter({ logStreamNamePrefix: 's', limit: 1 });
  expect(page.messages).toEqual(['one START']);
  expect((await filter({ logStreamNamePrefix: 's', nextToken: page.nextToken })).messages).toEqual(['three']);
  const { events } = await act(logs, 'GetLogEvents', { logGroupName: 'g', logStreamName: 'other' });
  expect(events).toEqual([{ timestamp: 2000, message: 'two START here', ingestionTime: 2000 }]);
});

test.each<[string, string, JsonObject, string]>([
  ['a group twice', 'CreateLogGroup', { logGroupName: 'g' }, 'ResourceAlreadyExistsException: The specified log group'],
  ['no group', 'FilterLogEvents', {}, "InvalidParameterException: 1 validation error detected: Value null at 'logGro"],
  [
    'a day too few',
    'PutRetentionPolicy',
    { logGroupName: 'g', retentionInDays: 2 },
    'InvalidParameterException: Inval',
  ],
  ['a JSON pattern', 'FilterLogEvents', { logGroupName: 'g', filterPattern: '{ $.a = 1 }' }, 'only terms are'],
  ['a stray token', 'FilterLogEvents', { logGroupName: 'g', nextToken: 'x' }, 'The specified nextToken is invalid.'],
  ['an unknown stream', 'GetLogEvents', { logGroupName: 'g', logStreamName: 'x' }, 'The specified log stream'],
])('%s is refused', async (_, action, input, refusal) => {
  log('line');
  expect(await refusalOf(act(logs, action, input))).toContain(refusal);
});

test("an action names its group and stream as AWS's refusals do", () => {
  const resources = (action: string, input: JsonObject) => logs.actions[action]?.prepare(input, ROOT).resources;
  const group = 'arn:aws:logs:us-east-1:123456789012:log-group';
  expect(resources('CreateLogGroup', { logGroupName: 'g' })).toEqual([`${group}:g:log-stream:`]);
  expect(resources('DescribeLogGroups', {})).toEqual([`${group}::log-stream:`]);
  expect(resources('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })).toEqual([`${group}:g:log-stream:s`]);
});
