import type { WorkKind } from '../kinds/work.ts';
import type { OpenCallback } from '../lifecycle/callback.ts';
import type { Millis } from '../wire/millis.ts';
import type { CallbackRecords } from '../ports.ts';
import { type CallbackView, viewOf } from './callback-view.ts';

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
  /** Ids of rows that this release does not understand. */
  readonly unreadable: readonly string[];
}

/** Returns open callbacks, the oldest first. */
export async function listCallbacks(
  records: Pick<CallbackRecords, 'open'>,
  filter: ListFilter,
  now: Millis,
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
