import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject, Service } from '../../kernel/service.ts';
import { createCloudWatch } from './cloudwatch.ts';

let world: TestWorld;
let cloudwatch: Service;
beforeEach(() => {
  world = createTestWorld();
  cloudwatch = createCloudWatch(world.world);
});
afterEach(() => world.close());

const alarm = {
  AlarmName: 'errors',
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 3,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: ['arn:aws:sns:us-east-1:123456789012:operators'],
};
const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors';
const put = (more: JsonObject = {}): Promise<JsonObject> => act(cloudwatch, 'PutMetricAlarm', { ...alarm, ...more });
const names = async (input: JsonObject): Promise<unknown> =>
  ((await act(cloudwatch, 'DescribeAlarms', input))['MetricAlarms'] as JsonObject[]).map((shown) => shown['AlarmName']);

describe('alarms', () => {
  test('are shown as they were put, without data', async () => {
    await put();
    const { MetricAlarms } = await act(cloudwatch, 'DescribeAlarms', { AlarmNames: ['errors'] });
    expect(MetricAlarms).toMatchObject([
      { ...alarm, AlarmArn: arn, ActionsEnabled: true, StateValue: 'INSUFFICIENT_DATA' },
    ]);
  });

  test('keep their tags and their age when they are put again', async () => {
    await put({ Tags: [{ Key: 'a', Value: '1' }] });
    await world.clock.advance(60_000);
    await put({ Threshold: 4, Tags: [{ Key: 'a', Value: '2' }] });
    expect(await act(cloudwatch, 'ListTagsForResource', { ResourceARN: arn })).toEqual({
      Tags: [{ Key: 'a', Value: '1' }],
    });
    expect(await act(cloudwatch, 'DescribeAlarms')).toMatchObject({
      MetricAlarms: [
        {
          Threshold: 4,
          StateUpdatedTimestamp: '2026-01-01T00:00:00.000Z',
          AlarmConfigurationUpdatedTimestamp: '2026-01-01T00:01:00.000Z',
        },
      ],
    });
  });

  test('are found by name, beginning, action, state and type, page by page', async () => {
    await put();
    await put({ AlarmName: 'silent', AlarmActions: [] });
    expect(await names({})).toEqual(['errors', 'silent']);
    expect(await names({ AlarmNamePrefix: 'si' })).toEqual(['silent']);
    expect(await names({ ActionPrefix: 'arn:aws:sns' })).toEqual(['errors']);
    expect(await names({ StateValue: 'OK' })).toEqual([]);
    expect(await names({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
    const { NextToken } = await act(cloudwatch, 'DescribeAlarms', { MaxRecords: 1 });
    expect(await names({ NextToken })).toEqual(['silent']);
  });

  test('of several, all are deleted or none', async () => {
    await put();
    const both = act(cloudwatch, 'DeleteAlarms', { AlarmNames: ['errors', 'gone'] });
    expect(await refusalOf(both)).toContain('ResourceNotFound');
    await act(cloudwatch, 'DeleteAlarms', { AlarmNames: ['gone'] });
    expect(await names({})).toEqual(['errors']);
    await act(cloudwatch, 'DeleteAlarms', { AlarmNames: ['errors'] });
    expect(await names({})).toEqual([]);
  });

  test('are tagged and untagged', async () => {
    await put();
    await act(cloudwatch, 'TagResource', { ResourceARN: arn, Tags: [{ Key: 'a', Value: '1' }] });
    await act(cloudwatch, 'UntagResource', { ResourceARN: arn, TagKeys: ['a'] });
    expect(await act(cloudwatch, 'ListTagsForResource', { ResourceARN: arn })).toEqual({ Tags: [] });
    const unknown = act(cloudwatch, 'ListTagsForResource', { ResourceARN: `${arn}-gone` });
    expect(await refusalOf(unknown)).toContain('ResourceNotFoundException');
  });

  test.each<[string, JsonObject, string]>([
    ['no comparison', { ComparisonOperator: undefined }, "Value null at 'comparisonOperator'"],
    ['an odd period', { Period: 45 }, 'Metric period must be 10, 20, 30 or a multiple of 60.'],
    ['a look back over a day', { EvaluationPeriods: 289 }, 'EvaluationPeriods * Period must be <= 86400'],
    ['two statistics', { ExtendedStatistic: 'p99' }, 'Exactly one of Statistic, ExtendedStatistic must be set'],
    ['no metric', { MetricName: undefined }, 'Exactly one of MetricName, Metrics must be set'],
    ['more points than periods', { DatapointsToAlarm: 2 }, 'less than or equal to EvaluationPeriods'],
  ])('refuse %s', async (_, input, refusal) => {
    expect(await refusalOf(put(input))).toMatch(`ValidationError: `);
    expect(await refusalOf(put(input))).toContain(refusal);
  });
});

describe('dashboards', () => {
  const DashboardName = 'baton';
  const DashboardBody = '{"widgets":[]}';

  test('are kept as they come', async () => {
    await act(cloudwatch, 'PutDashboard', { DashboardName, DashboardBody });
    expect(await act(cloudwatch, 'GetDashboard', { DashboardName })).toEqual({
      DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/baton',
      DashboardBody,
      DashboardName,
    });
    expect(await act(cloudwatch, 'ListDashboards', { DashboardNamePrefix: 'b' })).toMatchObject({
      DashboardEntries: [{ DashboardName, Size: 14 }],
    });
    const both = act(cloudwatch, 'DeleteDashboards', { DashboardNames: ['baton', 'gone'] });
    expect(await refusalOf(both)).toContain('ResourceNotFound: Dashboard gone does not exist');
    await act(cloudwatch, 'DeleteDashboards', { DashboardNames: ['baton'] });
    expect(await refusalOf(act(cloudwatch, 'GetDashboard', { DashboardName }))).toContain('ResourceNotFound');
  });

  test.each(['[]', 'nothing'])('refuse %s for a body', async (body) => {
    const refused = act(cloudwatch, 'PutDashboard', { DashboardName, DashboardBody: body });
    expect(await refusalOf(refused)).toContain('InvalidParameterInput');
  });
});
