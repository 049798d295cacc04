import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import { AwsError } from '../../kernel/aws-error.ts';
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
      logGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/a',
      logGroupClass: 'STANDARD',
      metricFilterCount: 0,
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

const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:g';
const described = async (): Promise<unknown> =>
  ((await act(logs, 'DescribeLogGroups', { logGroupNamePrefix: 'g' }))['logGroups'] as unknown[])[0];

test('a group has tags, by its ARN with the asterisk and without', async () => {
  await act(logs, 'CreateLogGroup', { logGroupName: 'g', tags: { a: '1' } });
  await act(logs, 'TagResource', { resourceArn: ARN, tags: { b: '2' } });
  await act(logs, 'UntagResource', { resourceArn: ARN, tagKeys: ['a'] });
  expect(await act(logs, 'ListTagsForResource', { resourceArn: `${ARN}:*` })).toEqual({ tags: { b: '2' } });
});

test('a key counts once CloudWatch Logs itself can encrypt with it for the group', async () => {
  world.answer('kms:Encrypt', ({ KeyId }) => {
    if (KeyId === 'good') return {};
    throw new AwsError('AccessDeniedException', 'no');
  });
  await act(logs, 'CreateLogGroup', { logGroupName: 'g' });
  await act(logs, 'AssociateKmsKey', { logGroupName: 'g', kmsKeyId: 'good' });
  expect(await described()).toMatchObject({ kmsKeyId: 'good' });
  expect(world.calls).toMatchObject([
    {
      caller: { principalArn: 'logs.us-east-1.amazonaws.com', sourceArn: ARN },
      input: { EncryptionContext: { 'aws:logs:arn': ARN } },
    },
  ]);
  const refused = act(logs, 'CreateLogGroup', { logGroupName: 'h', kmsKeyId: 'bad' });
  expect(await refusalOf(refused)).toMatch(
    'InvalidParameterException: The specified KMS Key Id does not exist or is not',
  );
  await act(logs, 'DisassociateKmsKey', { logGroupName: 'g' });
  expect(await described()).not.toHaveProperty('kmsKeyId');
});

test('lines that have no end to their retention are kept for ever', async () => {
  await act(logs, 'CreateLogGroup', { logGroupName: 'g' });
  await act(logs, 'PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 7 });
  await act(logs, 'DeleteRetentionPolicy', { logGroupName: 'g' });
  expect(await described()).not.toHaveProperty('retentionInDays');
});

describe('metric filters', () => {
  const transformation = { metricName: 'm', metricNamespace: 'n', metricValue: '1', defaultValue: 0, unit: 'None' };
  const filter = {
    logGroupName: 'g',
    filterName: 'f',
    filterPattern: '"alarm"',
    metricTransformations: [transformation],
  };
  const found = async (input: JsonObject): Promise<unknown[]> =>
    (await act(logs, 'DescribeMetricFilters', input))['metricFilters'] as unknown[];
  beforeEach(async () => {
    await act(logs, 'CreateLogGroup', { logGroupName: 'g' });
    await act(logs, 'PutMetricFilter', filter);
  });

  test('are put, found and deleted', async () => {
    await act(logs, 'PutMetricFilter', { ...filter, filterPattern: 'other' });
    const shown = { ...filter, filterPattern: 'other', creationTime: world.clock.now() };
    expect(await found({ logGroupName: 'g', filterNamePrefix: 'f' })).toEqual([shown]);
    expect(await found({ metricNamespace: 'n', metricName: 'm' })).toEqual([shown]);
    expect(await found({ metricNamespace: 'n', metricName: 'another' })).toEqual([]);
    expect(await described()).toMatchObject({ metricFilterCount: 1 });
    await act(logs, 'DeleteMetricFilter', { logGroupName: 'g', filterName: 'f' });
    expect(await found({ logGroupName: 'g' })).toEqual([]);
  });

  test.each<[string, string, JsonObject, string]>([
    [
      'two metrics',
      'PutMetricFilter',
      { metricTransformations: [transformation, transformation] },
      'InvalidParameterEx',
    ],
    ['no group', 'PutMetricFilter', { logGroupName: 'x' }, 'ResourceNotFoundException: The specified log group'],
    ['no filter', 'DeleteMetricFilter', { filterName: 'x' }, 'ResourceNotFoundException: The specified metric filter'],
    [
      'a default beside dimensions',
      'PutMetricFilter',
      { metricTransformations: [{ ...transformation, dimensions: { a: '$.a' } }] },
      'mutually exclusive',
    ],
  ])('refuse %s', async (_, name, input, refusal) => {
    expect(await refusalOf(act(logs, name, { ...filter, ...input }))).toContain(refusal);
  });
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
