/** @returns what a job or a person wrote, on one line and without control characters, which would steer the terminal */
export const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

/** The same for each line of a text. */
export const printableLines = (text: string): string[] => text.trimEnd().split(/\r?\n/).map(printable);

export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** @returns `90s`, `15m`, `2h` or `1d` in seconds; undefined for anything else */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}

const two = (count: number): string => String(count).padStart(2, '0');

/** @returns the two largest units: `42s`, `3m 05s`, `2h 14m`, `1d 03h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < UNITS.m) return `${whole}s`;
  if (whole < UNITS.h) return `${Math.floor(whole / UNITS.m)}m ${two(whole % UNITS.m)}s`;
  if (whole < UNITS.d) return `${Math.floor(whole / UNITS.h)}h ${two(Math.floor((whole % UNITS.h) / UNITS.m))}m`;
  return `${Math.floor(whole / UNITS.d)}d ${two(Math.floor((whole % UNITS.d) / UNITS.h))}h`;
}
