import type { CallbackList, CallbackView } from '@baton/token-lib';
import type { Terminal } from '../terminal.ts';
import { formatDuration, printable, shorten } from './format.ts';
import { type Column, formatTable } from './table.ts';

const WORK_WIDTH = 40;

/** The execution comes last and is not shortened, so that it can be copied. */
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
