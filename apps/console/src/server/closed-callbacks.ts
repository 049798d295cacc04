/** Closed callbacks. No index has them: a look reads pages of the whole table, 1 MB each, and says where the next one begins. */
import type { CallbackRecords, Callback, Millis } from '@baton/token-lib';
import { machineOf } from './waiting-list.ts';

export interface ClosedRow {
  readonly callbackId: string;
  readonly kind: string;
  readonly summary: string;
  readonly machine: string;
  readonly executionArn: string;
  readonly stateName: string;
  readonly ending: 'succeeded' | 'failed' | 'gone';
  /** The error's name, or why nobody waits any more. */
  readonly error: string | undefined;
  readonly who: string;
  readonly closedAt: Millis;
}

export interface ClosedAnswer {
  readonly now: Millis;
  readonly rows: readonly ClosedRow[];
  /** Where a further look begins; absent when all have been read. */
  readonly next: string | undefined;
}

export interface ClosedFilter {
  readonly text?: string | undefined;
  readonly ending?: string | undefined;
  readonly after?: string | undefined;
}

/** A look costs at most this many pages: 128 read units each, for eventually consistent reads of 1 MB. */
const PAGES_A_LOOK = 4;

export async function closedCallbacks(
  records: Pick<CallbackRecords, 'closed'>,
  { text = '', ending = '', after }: ClosedFilter,
  now: Millis,
): Promise<ClosedAnswer> {
  const rows: ClosedRow[] = [];
  let next = after;
  for (let page = 0; page < PAGES_A_LOOK; page++) {
    const read = await records.closed(next);
    rows.push(...read.rows.flatMap(closedRow).filter((row) => fits(row, text.toLowerCase(), ending)));
    next = read.next;
    if (next === undefined) break;
  }
  return { now, rows: rows.sort((a, b) => b.closedAt - a.closedAt), next };
}

const fits = (row: ClosedRow, text: string, ending: string): boolean =>
  (ending === '' || row.ending === ending) && Object.values(row).join(' ').toLowerCase().includes(text);

function closedRow(row: Callback): ClosedRow[] {
  if (row.state !== 'Settled' && row.state !== 'Gone') return [];
  const { callbackId, terms, context, closedAt, operator } = row;
  const failed = row.outcome?.type === 'failure' ? row.outcome.error : undefined;
  return [
    {
      ...{ callbackId, kind: terms.kind, summary: terms.summary, closedAt },
      machine: machineOf(context.executionArn),
      executionArn: context.executionArn,
      stateName: context.state,
      ending: row.state === 'Gone' ? 'gone' : failed === undefined ? 'succeeded' : 'failed',
      error: row.state === 'Gone' ? (failed ?? row.reason) : failed,
      who: operator?.who ?? ('by' in row ? row.by : 'Step Functions'),
    },
  ];
}
