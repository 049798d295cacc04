import { buildBundles } from '../build-bundles.ts';
import type { Played } from '../incidents/incident.ts';
import { incidents } from '../incidents/incidents.ts';
import type { Terminal } from '../terminal.ts';

export interface IncidentsOptions {
  readonly json?: boolean;
}

/** Plays public failures of callbacks twice, and prints both ends. */
export async function runIncidents({ json }: IncidentsOptions, { line, colors }: Terminal): Promise<void> {
  buildBundles();
  const rows = [];
  for (const { id, title, thread, measures, bare, withBaton } of incidents) {
    const row = { id, title, thread, measures, bare: await bare(), withBaton: await withBaton() };
    rows.push(row);
    if (json) continue;
    line(colors.bold(title));
    line(`  bare        ${told(row.bare)}`);
    line(`  with Baton  ${colors.green(told(row.withBaton))}`);
    line(colors.dim(`  ${measures}; ${thread}`));
  }
  if (json) line(JSON.stringify({ incidents: rows }, null, 2));
}

const told = ({ end, seconds }: Played): string => `${durationOf(seconds).padEnd(9)} ${end}`;

/** @returns the duration in its two largest units */
export function durationOf(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const parts = units
    .map(([unit, size], index) => {
      const over = units[index - 1]?.[1];
      return [Math.floor((over === undefined ? seconds : seconds % over) / size), unit] as const;
    })
    .filter(([number]) => number > 0);
  return parts.length === 0
    ? '0 s'
    : parts
        .slice(0, 2)
        .map(([number, unit]) => `${number} ${unit}`)
        .join(' ');
}
