/** A length of time: milliseconds, or text such as `2 hours`, `90 s` or `1 day 12 hours`. */
export type Duration = number | string;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const NAMES: Readonly<Record<string, string>> = {
  millisecond: 'ms',
  second: 's',
  sec: 's',
  minute: 'm',
  min: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
};

/** Returns the milliseconds. @throws {Error} where it is no length of time */
export function milliseconds(duration: Duration): number {
  const total = typeof duration === 'number' ? duration : sum(duration);
  if (Number.isFinite(total) && total >= 0) return total;
  throw new Error(
    `"${duration}" is no length of time: give milliseconds, or text such as "2 hours", "90 s" or "1 day 12 hours"`,
  );
}

function sum(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const rest = text.replaceAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, '').replaceAll(/\band\b|[\s,]/g, '');
  if (parts.length === 0 || rest !== '') return Number.NaN;
  return parts.reduce((total, [, count, unit = '']) => total + Number(count) * unitOf(unit.toLowerCase()), 0);
}

function unitOf(name: string): number {
  const singular = name.length > 2 ? name.replace(/s$/, '') : name;
  return UNITS[NAMES[singular] ?? singular] ?? Number.NaN;
}
