import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTime, parseSchedule } from './schedule.ts';

const at = (time: string): number => Date.parse(time);
const next = (expression: string, after: string): string | undefined => {
  const time = nextTime(parseSchedule(expression), at('2026-01-01T00:00:00Z'), at(after));
  return time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', '');
};

describe('the next time', () => {
  const cases: [string, string, string | undefined][] = [
    ['rate(1 minute)', '2026-01-01T00:00:00Z', '2026-01-01T00:01'],
    ['rate(5 minutes)', '2026-01-01T00:07:30Z', '2026-01-01T00:10'],
    ['rate(2 hours)', '2026-01-01T02:00:00Z', '2026-01-01T04:00'],
    ['rate(1 day)', '2026-01-05T12:00:00Z', '2026-01-06T00:00'],
    ['cron(0 12 * * ? *)', '2026-01-01T11:59:59Z', '2026-01-01T12:00'],
    ['cron(0 12 * * ? *)', '2026-01-01T12:00:00Z', '2026-01-02T12:00'],
    ['cron(0/15 8-17 ? * MON-FRI *)', '2026-01-02T17:45:00Z', '2026-01-05T08:00'],
    ['cron(10,40 */6 1 1,7 ? *)', '2026-01-01T18:40:00Z', '2026-07-01T00:10'],
    ['cron(0 0 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T00:00'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', '2028-02-29T00:00'],
    ['cron(0 0 15W * ? *)', '2026-02-01T00:00:00Z', '2026-02-16T00:00'],
    ['cron(0 0 1W * ? *)', '2026-07-31T00:00:00Z', '2026-08-03T00:00'],
    ['cron(0 0 LW * ? *)', '2026-05-01T00:00:00Z', '2026-05-29T00:00'],
    ['cron(0 0 ? * 6L *)', '2026-01-01T00:00:00Z', '2026-01-30T00:00'],
    ['cron(0 0 ? * 7L *)', '2026-01-01T00:00:00Z', '2026-01-31T00:00'],
    ['cron(0 0 ? * L *)', '2026-01-01T00:00:00Z', '2026-01-03T00:00'],
    ['cron(0 0 ? * TUE#2 *)', '2026-01-01T00:00:00Z', '2026-01-13T00:00'],
    ['cron(0 0 1 1 ? 2026/2)', '2026-01-01T00:00:00Z', '2028-01-01T00:00'],
    ['cron(0 0 1 1 ? 2028)', '2026-01-15T00:00:00Z', '2028-01-01T00:00'],
    ['cron(0 0 1 1 ? 2025)', '2026-01-01T00:00:00Z', undefined],
    ['cron(0 0 30 2 ? *)', '2026-01-01T00:00:00Z', undefined],
  ];
  it.each(cases)('of %s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('of a rate is the first of its beats after now', () => {
    const day = fc.integer({ min: 0, max: 86_400_000 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), day, day, (minutes, since, wait) => {
        const time = nextTime(parseSchedule(`rate(${minutes} minutes)`), since, since + wait) as number;
        expect((time - since) % (minutes * 60_000)).toBe(0);
        expect(time).toBeGreaterThan(since + wait);
        expect(time - minutes * 60_000).toBeLessThanOrEqual(since + wait);
      }),
    );
  });

  it('of cron is the first minute that fits, as trying every minute finds it', () => {
    const list = (min: number, max: number) =>
      fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(','));
    const days = fc.oneof(
      fc.record({ day: list(1, 28), weekday: fc.constant('?') }),
      fc.record({ day: fc.constant('?'), weekday: list(1, 7) }),
    );
    const start = fc.integer({ min: at('2026-01-01'), max: at('2030-01-01') });
    fc.assert(
      fc.property(list(0, 59), list(0, 23), days, start, (minutes, hours, { day, weekday }, after) => {
        const schedule = parseSchedule(`cron(${minutes} ${hours} ${day} * ${weekday} *)`);
        const fits = (time: Date): boolean =>
          minutes.split(',').includes(String(time.getUTCMinutes())) &&
          hours.split(',').includes(String(time.getUTCHours())) &&
          (day === '?' || day.split(',').includes(String(time.getUTCDate()))) &&
          (weekday === '?' || weekday.split(',').includes(String(time.getUTCDay() + 1)));
        let minute = (Math.floor(after / 60_000) + 1) * 60_000;
        while (!fits(new Date(minute))) minute += 60_000;
        expect(nextTime(schedule, 0, after)).toBe(minute);
      }),
      { numRuns: 40 },
    );
  });
});

describe('no schedule is', () => {
  const bad = [
    '',
    'every minute',
    'rate(5)',
    'rate(0 minutes)',
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(5 seconds)',
    'cron(0 12 * * *)',
    'cron(0 12 * * * *)',
    'cron(0 12 ? * ? *)',
    'cron(60 12 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 12 32 * ? *)',
    'cron(0 12 * 13 ? *)',
    'cron(0 12 ? * 8 *)',
    'cron(0 12 ? * MON#6 *)',
    'cron(5-1 12 * * ? *)',
    'cron(*-5 12 * * ? *)',
    'cron(0 12 * * ? 1969)',
    'cron(a 12 * * ? *)',
  ];
  it.each(bad)('%s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow('Parameter ScheduleExpression is not valid.');
  });
});
