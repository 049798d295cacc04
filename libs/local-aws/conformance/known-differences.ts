import { readFileSync } from 'node:fs';

/** Scenarios that differ from the recordings, by cause. The data file is the only place where scenarios have names. */
export interface KnownCause {
  readonly cause: string;
  readonly reason: string;
  readonly scenarios: readonly string[];
}

export function readKnownDifferences(): ReadonlyMap<string, KnownCause> {
  const text = readFileSync(new URL('known-differences.json', import.meta.url), 'utf8');
  const causes = JSON.parse(text) as KnownCause[];
  return new Map(causes.flatMap((cause) => cause.scenarios.map((name) => [name, cause])));
}
