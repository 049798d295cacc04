import type { Level, Verdict } from './compare.ts';
import type { KnownCause } from './known-differences.ts';

export interface Result extends Verdict {
  readonly name: string;
}

/** A row for each folder of scenarios: how many there are, and how many reach each level. */
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

/** Returns a line for each difference that nobody has explained, and for each explanation that no longer holds. */
export function surprises(results: readonly Result[], known: ReadonlyMap<string, KnownCause>): string[] {
  return results.flatMap(({ name, level, difference }) => {
    const listed = known.get(name)?.level ?? 4;
    if (level < listed) return [`level ${level}: ${name}: ${difference ?? ''}`];
    if (level > listed) return [`listed as different at level ${listed}, but reaches ${level}: ${name}`];
    return [];
  });
}
