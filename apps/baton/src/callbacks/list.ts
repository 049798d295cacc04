import type { CallbackRecords, OpenCallback, WorkKind } from '@baton/token-lib';
import type { Terminal } from '../terminal.ts';
import { formatDuration } from './duration.ts';
import { printable, shorten } from './printable.ts';
import { type Column, formatTable } from './table.ts';
import { type CallbackView, viewOf } from './view.ts';

export interface ListFilter {
  readonly state?: OpenCallback['state'] | undefined;
  /** The execution's ARN, or its name. */
  readonly execution?: string | undefined;
  readonly work?: WorkKind | undefined;
  readonly host?: string | undefined;
  readonly olderThanSeconds?: number | undefined;
}

export interface CallbackList {
  readonly callbacks: readonly CallbackView[];
  /** Ids of rows that this version does not understand. */
  readonly unreadable: readonly string[];
}

/** Open callbacks, the oldest first. */
export async function listCallbacks(
  records: Pick<CallbackRecords, 'open'>,
  filter: ListFilter,
  now: number,
): Promise<CallbackList> {
  const { execution, host } = filter;
  const arn = execution?.startsWith('arn:') ? execution : undefined;
  const { rows, unreadable } = await records.open({ executionArn: arn, instanceId: host });
  const callbacks = rows.map((row) => viewOf(row, now)).filter((view) => fits(view, filter));
  return { callbacks: callbacks.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)), unreadable };
}

function fits({ state, execution, work, ageSeconds }: CallbackView, filter: ListFilter): boolean {
  return (
    (filter.state === undefined || state === filter.state) &&
    (filter.execution === undefined || [execution.arn, nameOf(execution.arn)].includes(filter.execution)) &&
    (filter.work === undefined || work.kind === filter.work) &&
    (filter.host === undefined || work.host === filter.host) &&
    (filter.olderThanSeconds === undefined || ageSeconds > filter.olderThanSeconds)
  );
}

const nameOf = (executionArn: string): string | undefined => executionArn.split(':').at(-1);

const WORK_WIDTH = 40;

/** The execution comes last and whole, to be copied. */
export function listText(
  { callbacks, unreadable }: CallbackList,
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
  now: number,
): string {
  const sinceHeartbeat = ({ claim }: CallbackView): string =>
    claim === undefined ? '-' : formatDuration((now - Date.parse(claim.lastHeartbeatAt)) / 1000);
  const columns: Column<CallbackView>[] = [
    { title: 'AGE', text: ({ ageSeconds }) => formatDuration(ageSeconds) },
    { title: 'STATE', text: ({ state }) => state, paint: colors.yellow },
    { title: 'CALLBACK', text: ({ callbackId }) => callbackId, paint: colors.cyan },
    { title: 'WORK', text: ({ work }) => shorten(printable(`${work.kind} ${work.summary}`), WORK_WIDTH) },
    { title: 'HOST', text: ({ work }) => work.host ?? '-' },
    { title: 'HEARTBEAT', text: sinceHeartbeat },
    { title: 'IN STATE', text: ({ execution }) => printable(execution.stateName) },
    { title: 'EXECUTION', text: ({ execution }) => execution.arn, paint: colors.dim },
  ];
  const lines = [
    callbacks.length === 0 ? 'no open callbacks' : formatTable(columns, callbacks, { title: colors.bold, width }),
  ];
  if (unreadable.length > 0) lines.push('', `not understood by this version of Baton: ${unreadable.join(', ')}`);
  return lines.join('\n');
}
