/** Chance from a seed: the same seed gives the same choices, on every machine. */
export interface Chance {
  /** From 0 to below 1. */
  fraction(): number;
  happens(probability: number): boolean;
  between(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  readonly uuid: () => string;
}

export function seededChance(seed: number): Chance {
  const fraction = mulberry32(seed);
  const hex = (digits: number): string =>
    Math.floor(fraction() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return {
    fraction,
    happens: (probability) => fraction() < probability,
    between: (least, most) => least + fraction() * (most - least),
    pick(items) {
      const item = items[Math.floor(fraction() * items.length)];
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    uuid: () => [hex(8), hex(4), `4${hex(3)}`, `8${hex(3)}`, hex(12)].join('-'),
  };
}

/** Tommy Ettinger's generator with 32 bits of state: small, fast, and good enough to choose faults. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
