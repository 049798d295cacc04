import { readFileSync } from 'node:fs';
import type { LocalAws } from '../src/index.ts';
import type { Level, Verdict } from './compare.ts';

export interface Result extends Verdict {
  readonly name: string;
}

/** Returns a table with a row for each folder: how many scenarios it has, and how many reach each level. */
export function table(results: readonly Result[]): string {
  const folders = Map.groupBy(results, ({ name }) => name.split('/')[0] ?? '');
  const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  return [HEADINGS, ...[...rows, ['total', results] as const].map(row)].map((cells) => cells.join('')).join('\n');
}

const HEADINGS = cells('', 'scenarios', 'status', 'output', 'types', 'history', '');

function row([folder, results]: readonly [string, readonly Result[]]): string[] {
  const reach = (level: Level): number => results.filter((result) => result.level >= level).length;
  const share = `${Math.floor((100 * reach(4)) / results.length)} %`;
  return cells(folder, results.length, reach(1), reach(2), reach(3), reach(4), share);
}

function cells(folder: string, ...rest: (string | number)[]): string[] {
  return [folder.padEnd(22), ...rest.map((cell) => String(cell).padStart(10))];
}

/** A reason why some scenarios differ from their recordings. Only `known-differences.json` names scenarios. */
export interface KnownCause {
  readonly cause: string;
  /** The level that each of them reaches. */
  readonly level: Level;
  readonly reason: string;
  readonly scenarios: readonly string[];
}

/** Returns the listed differences by the name of the scenario. */
export function readKnownDifferences(): ReadonlyMap<string, KnownCause> {
  const text = readFileSync(new URL('known-differences.json', import.meta.url), 'utf8');
  const causes = JSON.parse(text) as KnownCause[];
  return new Map(causes.flatMap((cause) => cause.scenarios.map((name) => [name, cause])));
}

/** Returns a line for each difference that is not listed, and for each listed one that has changed. */
export function surprises(results: readonly Result[], known: ReadonlyMap<string, KnownCause>): string[] {
  return results.flatMap(({ name, level, difference }) => {
    const listed = known.get(name)?.level ?? 4;
    if (level < listed) return [`level ${level}: ${name}: ${difference ?? ''}`];
    if (level > listed) return [`listed as different at level ${listed}, but reaches ${level}: ${name}`];
    return [];
  });
}

/** Returns the actions, as `sqs:SendMessage`, that say they are held to a recording. */
export function recordedActions(services: LocalAws['services']): string[] {
  return Object.values(services).flatMap(({ id, actions }) =>
    Object.entries(actions).flatMap(([name, { evidence }]) => (evidence === 'recorded' ? [`${id}:${name}`] : [])),
  );
}

/** Returns a line for each action that says it is held to a recording, though none calls it. */
export const unfounded = (actions: readonly string[], called: ReadonlySet<string>): string[] =>
  actions
    .filter((action) => !called.has(action))
    .map((action) => `says that it is recorded, but no scenario calls it: ${action}`);
