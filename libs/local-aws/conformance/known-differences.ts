import { readFileSync } from 'node:fs';
import type { Level } from './compare.ts';

/** Why some scenarios differ from their recordings. The data file is the only place that names scenarios. */
export interface KnownCause {
  readonly cause: string;
  /** The level that each of them reaches. */
  readonly level: Level;
  readonly reason: string;
  readonly scenarios: readonly string[];
}

export function readKnownDifferences(): ReadonlyMap<string, KnownCause> {
  const text = readFileSync(new URL('known-differences.json', import.meta.url), 'utf8');
  const causes = JSON.parse(text) as KnownCause[];
  return new Map(causes.flatMap((cause) => cause.scenarios.map((name) => [name, cause])));
}
