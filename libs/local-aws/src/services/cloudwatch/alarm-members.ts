import { AwsError } from '../../kernel/aws-error.ts';
import {
  flag,
  integer,
  list,
  number,
  oneOf,
  opaque,
  optional,
  required,
  structure,
  text,
  withDefault,
  type Members,
} from '../../kit/reader.ts';

export const alarmName = text({ min: 1, max: 255 });
const actions = withDefault(list(text({ min: 1, max: 1024 }), { max: 5 }), []);
const metricName = text({ min: 1, max: 255 });

const dimension = structure({
  Name: required(text({ min: 1, max: 255 })),
  Value: required(text({ min: 1, max: 1024 })),
});

const metricQuery = structure({
  Id: required(text({ min: 1, max: 255 })),
  Expression: optional(text({ min: 1, max: 2048 })),
  Label: optional(text()),
  ReturnData: optional(flag),
  Period: optional(integer({ min: 1 })),
  AccountId: optional(text({ min: 1, max: 255 })),
  MetricStat: optional(
    structure({
      Metric: required(
        structure({
          Namespace: optional(metricName),
          MetricName: optional(metricName),
          Dimensions: optional(list(dimension, { max: 30 })),
        }),
      ),
      Period: required(integer({ min: 1 })),
      Stat: required(text()),
      Unit: optional(text()),
    }),
  ),
});

/** What an alarm is, beside its name and tags; it is shown as it was given. */
export const alarmMembers = {
  AlarmDescription: optional(text({ max: 1024 })),
  ActionsEnabled: withDefault(flag, true),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  MetricName: optional(metricName),
  Namespace: optional(text({ min: 1, max: 255, pattern: /[^:].*/ })),
  Statistic: optional(oneOf(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'])),
  ExtendedStatistic: optional(text()),
  Dimensions: withDefault(list(dimension, { max: 30 }), []),
  Period: optional(integer({ min: 1 })),
  Unit: optional(text()),
  EvaluationPeriods: optional(integer({ min: 1 })),
  DatapointsToAlarm: optional(integer({ min: 1 })),
  Threshold: optional(number()),
  ComparisonOperator: required(
    oneOf([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
      'LessThanLowerOrGreaterThanUpperThreshold',
      'LessThanLowerThreshold',
      'GreaterThanUpperThreshold',
    ]),
  ),
  TreatMissingData: optional(oneOf(['breaching', 'notBreaching', 'ignore', 'missing'])),
  EvaluateLowSampleCountPercentile: optional(oneOf(['evaluate', 'ignore'])),
  Metrics: withDefault(list(metricQuery), []),
  ThresholdMetricId: optional(text({ min: 1, max: 255 })),
  EvaluationCriteria: optional(opaque),
};

const DAY_SECONDS = 86_400;

/**
 * What members say only together. [documented: CloudWatch API Reference, "PutMetricAlarm"]
 * @throws {AwsError} ValidationError
 */
export function checkAlarm(given: Members<typeof alarmMembers>): void {
  const { MetricName, Metrics, Period, EvaluationPeriods: periods } = given;
  const refuse = (message: string): AwsError => new AwsError('ValidationError', message);
  if ((MetricName === undefined) === (Metrics.length === 0)) {
    throw refuse('Exactly one of MetricName, Metrics must be set');
  }
  if (periods === undefined) throw refuse('The parameter EvaluationPeriods is required.');
  if (MetricName === undefined) return;
  if (given.Namespace === undefined || Period === undefined) {
    throw refuse('The parameters Namespace and Period are required with MetricName');
  }
  if ((given.Statistic === undefined) === (given.ExtendedStatistic === undefined)) {
    throw refuse('Exactly one of Statistic, ExtendedStatistic must be set');
  }
  if (![10, 20, 30].includes(Period) && Period % 60 !== 0) {
    throw refuse('Metric period must be 10, 20, 30 or a multiple of 60.');
  }
  const days = Period >= 3600 ? 7 : 1;
  if (Period * periods > days * DAY_SECONDS) {
    throw refuse(
      `Metrics cannot be checked across more than ${days === 1 ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${days * DAY_SECONDS}).`,
    );
  }
  if ((given.DatapointsToAlarm ?? 1) > periods) {
    throw refuse('Invalid metric evaluation: DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  }
}
