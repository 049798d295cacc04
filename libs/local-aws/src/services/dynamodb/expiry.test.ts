import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TableName = 'sessions';

let aws: LocalAws<ManualClock>;
beforeEach(async () => {
  aws = createLocalAws({ clock: 'manual', retain: 1 });
  await aws.call('dynamodb:CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
});
afterEach(() => aws.close());

const timeToLive = (Enabled: boolean) =>
  aws.call('dynamodb:UpdateTimeToLive', {
    TableName,
    TimeToLiveSpecification: { Enabled, AttributeName: 'until' },
  });
const put = (id: string, after?: number) =>
  aws.call('dynamodb:PutItem', {
    TableName,
    Item: {
      id: { S: id },
      ...(after !== undefined && { until: { N: String(Math.floor((aws.clock.now() + after) / 1000)) } }),
    },
  });
const ids = async () =>
  ((await aws.call('dynamodb:Scan', { TableName }))['Items'] as { id: { S: string } }[]).map(({ id }) => id.S).sort();

it('an expired item is deleted, some days after its time', async () => {
  await timeToLive(true);
  await put('short', HOUR);
  await put('long', 10 * DAY);
  await put('endless');
  await aws.clock.advance(DAY);
  expect(await ids()).toEqual(['endless', 'long', 'short']);
  await aws.clock.advance(2 * DAY);
  expect(await ids()).toEqual(['endless', 'long']);
});

it('an item that is written again lives by its new time, and one of five years ago for ever', async () => {
  await timeToLive(true);
  await put('renewed', HOUR);
  await put('renewed', 10 * DAY);
  await put('kept', HOUR);
  await put('kept');
  await put('ancient', -6 * 365 * DAY);
  await aws.clock.advance(5 * DAY);
  expect(await ids()).toEqual(['ancient', 'kept', 'renewed']);
});

it('items that were there when it is switched on expire too, and none once it is switched off', async () => {
  await put('early', HOUR);
  await timeToLive(true);
  await aws.clock.advance(3 * DAY);
  expect(await ids()).toEqual([]);
  await put('late', HOUR);
  await timeToLive(false);
  await aws.clock.advance(3 * DAY);
  expect(await ids()).toEqual(['late']);
});

it('of more than 100 times `retain` that are to expire, those written longest ago go', async () => {
  await timeToLive(true);
  await put('endless');
  for (let each = 0; each < 102; each += 1) await put(`x${String(each).padStart(3, '0')}`, DAY);
  const left = await ids();
  expect(left).toHaveLength(101);
  expect(left).toContain('endless');
  expect(left).not.toContain('x001');
});
