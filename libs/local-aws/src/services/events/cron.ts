/**
 * The six fields of an AWS cron expression, `minutes hours day-of-month month day-of-week year`, in UTC.
 *
 * Days of the week count from 1, Sunday. One of the two day fields is `?`. `L` is the last day (of the week: Saturday), `15W` the weekday
 * nearest to the 15th within the month, `LW` the last weekday, `6L` the last Friday, `6#3` the third. [documented: EventBridge User
 * Guide, "Cron expressions"]
 *
 * The library croner (11) has fields for years, Sunday as 1 and most of these letters, but it refuses steps that begin at a number
 * (`0/15`, `2026/2`) and `L` for Saturday, and accepts what AWS refuses: `*` or `?` in both day fields, weekday 8, years before
 * 1970. A reader of ours would have to stand before it, and that is most of this file.
 */
import type { Millis } from '../../kernel/clock/clock.ts';

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  /** How many days the month has. */
  readonly length: number;
}

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly matchesDay: (day: Day) => boolean;
}

interface Field {
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS = {
  minutes: { first: 0, last: 59 },
  hours: { first: 0, last: 23 },
  day: { first: 1, last: 31 },
  months: { first: 1, last: 12, names: MONTHS },
  weekday: { first: 1, last: 7, names: WEEKDAYS },
  years: { first: 1970, last: 2199 },
} as const;

/** Undefined for text that is not such an expression. */
export function parseCron(text: string): Cron | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = '', ...more] = text.trim().split(/\s+/);
  if (year === '' || more.length > 0) return undefined;
  if ((day === '?') === (weekday === '?')) return undefined;
  const minutes = parseField(minute, FIELDS.minutes);
  const hours = parseField(hour, FIELDS.hours);
  const months = parseField(month, FIELDS.months);
  const years = parseField(year, FIELDS.years);
  const matchesDay = weekday === '?' ? parseDay(day) : parseWeekday(weekday);
  if (!minutes || !hours || !months || !years || !matchesDay) return undefined;
  return { minutes, hours, months: new Set(months), years: new Set(years), matchesDay };
}

/** The first time after `after`; undefined when there is none before 2200. */
export function nextCronTime(cron: Cron, after: Millis): Millis | undefined {
  const start = new Date(after);
  let year = start.getUTCFullYear();
  let month = start.getUTCMonth() + 1;
  let day = start.getUTCDate();
  for (; year <= FIELDS.years.last; year += 1, month = 1, day = 1) {
    if (!cron.years.has(year)) continue;
    for (; month <= 12; month += 1, day = 1) {
      if (!cron.months.has(month)) continue;
      const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (; day <= length; day += 1) {
        const midnight = Date.UTC(year, month - 1, day);
        if (!cron.matchesDay({ year, month, day, length, weekday: weekdayOf(midnight) })) continue;
        const time = nextTimeOfDay(cron, midnight, after);
        if (time !== undefined) return time;
      }
    }
  }
  return undefined;
}

function nextTimeOfDay(cron: Cron, midnight: Millis, after: Millis): Millis | undefined {
  for (const hour of cron.hours) {
    for (const minute of cron.minutes) {
      const time = midnight + (hour * 60 + minute) * 60_000;
      if (time > after) return time;
    }
  }
  return undefined;
}

const weekdayOf = (midnight: Millis): number => new Date(midnight).getUTCDay() + 1;

/** The values a field allows, in order: `*`, `5`, `MON-FRI`, `0/15`, `10-30/5`, and lists of them. */
function parseField(text: string, field: Field): number[] | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = parseRange(part, field);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function parseRange(part: string, field: Field): { from: number; to: number; step: number } | undefined {
  const [, body = '', by] = /^([^/]+)(?:\/([1-9]\d{0,3}))?$/.exec(part) ?? [];
  const [low = '', high, ...more] = body.split('-');
  const from = low === '*' ? field.first : parseValue(low, field);
  const open = low === '*' || (by !== undefined && high === undefined);
  const to = high === undefined ? (open ? field.last : from) : parseValue(high, field);
  if (from === undefined || to === undefined || more.length > 0 || to < from) return undefined;
  if (low === '*' && high !== undefined) return undefined;
  return { from, to, step: Number(by ?? 1) };
}

function parseValue(text: string, { first, last, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return named + first;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  return value >= first && value <= last ? value : undefined;
}

type DayMatch = Cron['matchesDay'];

/** Matches any part of a list; undefined when a part cannot be read. */
function anyOf(text: string, read: (part: string) => DayMatch | undefined): DayMatch | undefined {
  const parts = text.split(',').map(read);
  return parts.includes(undefined) ? undefined : (day) => parts.some((part) => part?.(day));
}

function parseDay(text: string): DayMatch | undefined {
  return anyOf(text, (part) => {
    if (part === 'L') return ({ day, length }) => day === length;
    if (part === 'LW') return (day) => day.day === nearestWeekday(day, day.length);
    const [, weekdayNear] = /^(\d{1,2})W$/.exec(part) ?? [];
    if (weekdayNear !== undefined) {
      const wanted = parseValue(weekdayNear, FIELDS.day);
      return wanted === undefined
        ? undefined
        : (day) => wanted <= day.length && day.day === nearestWeekday(day, wanted);
    }
    const values = parseField(part, FIELDS.day);
    return values && (({ day }) => values.includes(day));
  });
}

function parseWeekday(text: string): DayMatch | undefined {
  return anyOf(text, (part) => {
    if (part === 'L') return ({ weekday }) => weekday === 7;
    const [, name = '', last, nth] = /^(\w+?)(?:(L)|#([1-5]))$/.exec(part) ?? [];
    const wanted = parseValue(name, FIELDS.weekday);
    if (last !== undefined) {
      return wanted === undefined ? undefined : ({ weekday, day, length }) => weekday === wanted && day > length - 7;
    }
    if (nth !== undefined) {
      const week = Number(nth);
      return wanted === undefined ? undefined : ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === week;
    }
    const values = parseField(part, FIELDS.weekday);
    return values && (({ weekday }) => values.includes(weekday));
  });
}

/** The weekday nearest to a day, without leaving the month. */
function nearestWeekday({ day, weekday, length }: Day, wanted: number): number {
  const weekdayThere = ((((weekday - 1 + wanted - day) % 7) + 7) % 7) + 1;
  if (weekdayThere === 7) return wanted === 1 ? 3 : wanted - 1;
  if (weekdayThere === 1) return wanted === length ? wanted - 2 : wanted + 1;
  return wanted;
}
