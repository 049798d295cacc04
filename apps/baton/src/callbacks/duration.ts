const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** `90s`, `15m`, `2h`, `1d` in seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}

const two = (count: number): string => String(count).padStart(2, '0');

/** The two largest units: `42s`, `3m 05s`, `2h 14m`, `1d 03h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < UNITS.m) return `${whole}s`;
  if (whole < UNITS.h) return `${Math.floor(whole / UNITS.m)}m ${two(whole % UNITS.m)}s`;
  if (whole < UNITS.d) return `${Math.floor(whole / UNITS.h)}h ${two(Math.floor((whole % UNITS.h) / UNITS.m))}m`;
  return `${Math.floor(whole / UNITS.d)}d ${two(Math.floor((whole % UNITS.d) / UNITS.h))}h`;
}
