/** The table in memory, with indexes that lag behind it, as those of DynamoDB do. */
import {
  type Callback,
  type CallbackId,
  isOpen,
  mayRunOnHost,
  type Millis,
  type OpenCallbacks,
  seconds,
} from '@baton/token-lib';
import { memoryTable, type MemoryTable } from '@baton/token-lib/testing';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface LaggingTable extends Pick<MemoryTable, 'store' | 'latestAttempts' | 'rows' | 'losingOutcomes'> {
  readonly open: OpenCallbacks;
}

/** @param isStale of each write: whether the indexes see it seconds later, and not in a moment */
export function laggingTable(time: VirtualTime, chance: Chance, isStale: () => boolean): LaggingTable {
  const table = memoryTable();
  const { store, latestAttempts, rows, losingOutcomes } = table;
  const due = new Map<CallbackId, { readonly at: Millis; readonly isToBeTold: boolean }>();
  const openSince = new Map<CallbackId, Millis>();
  const byExecution = new Map<string, Set<CallbackId>>();
  const byInstance = new Map<string, Set<CallbackId>>();

  function index(row: Callback): void {
    const { callbackId, context, terms } = row;
    const at = 'dueAt' in row ? row.dueAt : undefined;
    if (at === undefined) due.delete(callbackId);
    else due.set(callbackId, { at, isToBeTold: row.state === 'Settling' });
    if (isOpen(row)) openSince.set(callbackId, row.createdAt);
    else openSince.delete(callbackId);
    keep(byExecution, context.executionArn, callbackId, isOpen(row));
    if (terms.instanceId !== undefined)
      keep(byInstance, terms.instanceId, callbackId, isOpen(row) || mayRunOnHost(row));
  }

  function seen(row: Callback): void {
    const lag = isStale() ? chance.between(seconds(1), seconds(15)) : chance.between(1, 300);
    // Writes of one row arrive in their order.
    time.after(lag, () => index(rows.get(row.callbackId) ?? row));
  }

  return {
    rows,
    losingOutcomes,
    latestAttempts,
    store: {
      ...store,
      async insert(row) {
        const standing = await store.insert(row);
        if (standing === undefined) seen(row);
        return standing;
      },
      async replace(next) {
        const winner = await store.replace(next);
        if (winner === undefined) seen(next);
        return winner;
      },
    },
    open: {
      async due(now, limit) {
        const found = [...due].filter(([, { at }]) => at <= now);
        found.sort(([, a], [, b]) => Number(b.isToBeTold) - Number(a.isToBeTold) || a.at - b.at);
        return found.slice(0, limit).map(([callbackId]) => callbackId);
      },
      oldest: async () => (openSince.size === 0 ? undefined : Math.min(...openSince.values())),
      ofExecution: async (executionArn) => [...(byExecution.get(executionArn) ?? [])],
      ofInstance: async (instanceId) => [...(byInstance.get(instanceId) ?? [])],
    },
  };
}

function keep(index: Map<string, Set<CallbackId>>, key: string, callbackId: CallbackId, isOpen: boolean): void {
  const ids = index.get(key) ?? new Set();
  if (isOpen) index.set(key, ids.add(callbackId));
  else ids.delete(callbackId);
}
