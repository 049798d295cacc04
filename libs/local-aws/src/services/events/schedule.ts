import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import { nextCronTime, parseCron, type Cron } from './cron.ts';

export type Schedule =
  { readonly kind: 'rate'; readonly period: Millis } | { readonly kind: 'cron'; readonly cron: Cron };

const UNITS: Readonly<Record<string, Millis>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * `rate(5 minutes)` or `cron(0 12 * * ? *)`.
 * @throws {AwsError} ValidationException; a rate of 1 takes the singular and any other the plural, as on AWS
 */
export function parseSchedule(expression: string): Schedule {
  const [, number = '', unit = '', plural = ''] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const period = UNITS[unit];
  if (period !== undefined && (number === '1') === (plural === '')) {
    return { kind: 'rate', period: Number(number) * period };
  }
  const [, fields] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const cron = fields === undefined ? undefined : parseCron(fields);
  if (cron !== undefined) return { kind: 'cron', cron };
  throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
}

/** The first time after `after`; a rate counts from `since`. Undefined when it never comes again. */
export function nextTime(schedule: Schedule, since: Millis, after: Millis): Millis | undefined {
  if (schedule.kind === 'cron') return nextCronTime(schedule.cron, after);
  return since + (Math.floor((after - since) / schedule.period) + 1) * schedule.period;
}
