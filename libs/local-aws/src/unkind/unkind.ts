import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock/clock.ts';
import type { Unkindness } from '../kernel/unkindness.ts';
import { createThrottle } from './throttle.ts';

/** Chance from a seed: how often something happens, and how much of it. */
export interface Chance {
  happens(probability: number): boolean;
  /** From 0 to below `limit`, small far more often than large. */
  upTo(limit: number): number;
}

/** A local AWS as unkind as AWS. How often and how long is guessed: AWS promises nothing but that each of these happens. */
export function createUnkindness(seed: number, clock: Clock): Unkindness {
  const chance = seededChance(seed);
  return {
    throttle: createThrottle(clock, chance),
    indexLag: () => chance.upTo(2_000),
    eventLags: () => [chance.upTo(5_000), ...(chance.happens(0.05) ? [chance.upTo(20_000)] : [])],
    messageLag: () => chance.upTo(1_000),
    redelivery: () => (chance.happens(0.05) ? chance.upTo(2_000) : undefined),
    environmentLife: () => 10_000 + chance.upTo(600_000),
    breaks() {
      if (!chance.happens(0.02)) return undefined;
      return chance.happens(0.5) ? 'before' : 'after';
    },
  };
}

/** The nth choice of a seed is a hash of both, so that the same seed chooses the same on every machine. */
function seededChance(seed: number): Chance {
  let asked = 0;
  const fraction = (): number => {
    const digest = createHash('sha256').update(`${seed} ${asked++}`).digest();
    return digest.readUInt32BE() / 2 ** 32;
  };
  return {
    happens: (probability) => fraction() < probability,
    upTo: (limit) => Math.floor(limit * fraction() ** 4),
  };
}
