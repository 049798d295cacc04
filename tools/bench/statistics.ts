export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { min: round(at(0)), median: round(at(0.5)), max: round(at(1)) };
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
