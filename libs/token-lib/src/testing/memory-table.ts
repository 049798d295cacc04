import { type Callback, isOpen } from '../callback.ts';
import type { CallbackId } from '../callback-id.ts';
import type { CallbackStore, KeptOutcome, OpenCallbacks, WorkHead, WorkHeads } from '../ports.ts';
import { instanceIdOf } from '../work.ts';

export interface MemoryTable {
  readonly store: CallbackStore;
  readonly heads: WorkHeads;
  readonly open: OpenCallbacks;
  /** What lies in it, for assertions. */
  readonly rows: ReadonlyMap<CallbackId, Callback>;
  readonly kept: readonly KeptOutcome[];
}

/** The table in memory. `around` sees every write, by name, and may throw before or after it: a crash. */
export function memoryTable(
  around: (write: string, perform: () => void) => void = (_, perform) => perform(),
): MemoryTable {
  const rows = new Map<CallbackId, Callback>();
  const heads = new Map<string, WorkHead>();
  const kept = new Map<string, KeptOutcome>();

  const idsWhere = (matches: (row: Callback) => boolean): CallbackId[] =>
    [...rows.values()].filter(matches).map((row) => row.callbackId);
  const dueAt = (id: CallbackId): number | undefined => {
    const row = rows.get(id);
    return row !== undefined && 'dueAt' in row ? row.dueAt : undefined;
  };

  return {
    rows,
    get kept() {
      return [...kept.values()];
    },
    store: {
      async insert(row) {
        const existing = rows.get(row.callbackId);
        if (existing === undefined) around('insert', () => rows.set(row.callbackId, row));
        return existing;
      },
      async read(callbackId) {
        return rows.get(callbackId);
      },
      async replace(next) {
        const standing = rows.get(next.callbackId);
        if (standing === undefined || standing.version !== next.version - 1) return standing;
        around(`replace ${next.state}`, () => rows.set(next.callbackId, next));
        return undefined;
      },
      async keep(outcome) {
        const key = JSON.stringify([outcome.callbackId, outcome.verdict, outcome.outcome]);
        if (!kept.has(key)) around('keep', () => kept.set(key, outcome));
      },
    },
    heads: {
      async lead(candidate) {
        const standing = heads.get(candidate.workKey);
        if (standing !== undefined && standing.epoch >= candidate.epoch) return standing;
        const head = { ...candidate, supersedes: standing?.callbackId };
        around('lead', () => heads.set(candidate.workKey, head));
        return head;
      },
    },
    open: {
      async due(now, limit) {
        return idsWhere((row) => (dueAt(row.callbackId) ?? Infinity) <= now)
          .sort((a, b) => dueAt(a)! - dueAt(b)!)
          .slice(0, limit);
      },
      async ofExecution(executionArn) {
        return idsWhere((row) => isOpen(row) && row.context.executionArn === executionArn);
      },
      async ofInstance(instanceId) {
        return idsWhere((row) => isOpen(row) && instanceIdOf(row.work) === instanceId);
      },
    },
  };
}
