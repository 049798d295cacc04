import { type Callback, isOpen } from '../lifecycle/callback.ts';
import { mayRunOnHost } from '../lifecycle/decision.ts';
import type { CallbackId } from '../wire/callback-id.ts';
import type {
  CallbackRecords,
  CallbackStore,
  LosingOutcome,
  OpenCallbacks,
  LatestAttempt,
  LatestAttempts,
} from '../ports.ts';
import { fitsInRow, type Work } from '../kinds/work.ts';
import { BatonError } from '../wire/errors.ts';

export interface MemoryTable {
  readonly store: CallbackStore;
  readonly latestAttempts: LatestAttempts;
  readonly open: OpenCallbacks;
  readonly records: CallbackRecords;
  /** What lies in it, for assertions. */
  readonly rows: ReadonlyMap<CallbackId, Callback>;
  readonly losingOutcomes: readonly LosingOutcome[];
}

/** The table in memory. `around` sees every write, by name, and may throw before or after it: a crash. */
export function memoryTable(
  around: (write: string, perform: () => void) => void = (_, perform) => perform(),
): MemoryTable {
  const rows = new Map<CallbackId, Callback>();
  const works = new Map<CallbackId, Work>();
  const latest = new Map<string, LatestAttempt>();
  const kept = new Map<string, LosingOutcome>();

  const idsWhere = (matches: (row: Callback) => boolean): CallbackId[] =>
    [...rows.values()].filter(matches).map((row) => row.callbackId);
  const dueAt = (row: Callback): number | undefined => ('dueAt' in row ? row.dueAt : undefined);

  return {
    rows,
    get losingOutcomes() {
      return [...kept.values()];
    },
    store: {
      async insert(row) {
        const existing = rows.get(row.callbackId);
        if (existing !== undefined) return existing;
        if (liesApart(row)) around('insert work', () => works.set(row.callbackId, row.work));
        around('insert', () => rows.set(row.callbackId, stored(row)));
        return undefined;
      },
      async read(callbackId) {
        return rows.get(callbackId);
      },
      async workOf({ callbackId, work }) {
        const found = work === 'apart' ? works.get(callbackId) : work;
        if (found === undefined) throw new BatonError('Unavailable', 'the work of the callback is not stored any more');
        return found;
      },
      async replace(next) {
        const standing = rows.get(next.callbackId);
        if (standing === undefined || standing.version !== next.version - 1) return standing;
        around(`replace ${next.state}`, () => rows.set(next.callbackId, stored(next)));
        return undefined;
      },
      async recordLosingOutcome(outcome) {
        const key = JSON.stringify([outcome.callbackId, outcome.verdict, outcome.outcome, outcome.operator]);
        if (!kept.has(key)) around('record losing outcome', () => kept.set(key, outcome));
      },
    },
    latestAttempts: {
      async read(workKey) {
        return latest.get(workKey);
      },
      async replace(next, read) {
        if (latest.get(next.workKey)?.callbackId !== read?.callbackId) return false;
        around('become latest attempt', () => latest.set(next.workKey, next));
        return true;
      },
    },
    open: {
      async due(now, limit) {
        const due = [...rows.values()].flatMap((row) => {
          const at = dueAt(row);
          return at !== undefined && at <= now ? [{ at, first: row.state === 'Settling', id: row.callbackId }] : [];
        });
        return due
          .sort((a, b) => Number(b.first) - Number(a.first) || a.at - b.at)
          .slice(0, limit)
          .map(({ id }) => id);
      },
      async oldest() {
        const times = [...rows.values()].filter(isOpen).map((row) => row.createdAt);
        return times.length === 0 ? undefined : Math.min(...times);
      },
      async ofExecution(executionArn) {
        return idsWhere((row) => isOpen(row) && row.context.executionArn === executionArn);
      },
      async ofInstance(instanceId) {
        return idsWhere((row) => (isOpen(row) || mayRunOnHost(row)) && row.terms.instanceId === instanceId);
      },
    },
    records: {
      async open({ executionArn, instanceId } = {}) {
        const fits = (row: Callback): boolean =>
          (executionArn === undefined || row.context.executionArn === executionArn) &&
          (instanceId === undefined || row.terms.instanceId === instanceId);
        return { rows: [...rows.values()].filter(isOpen).filter(fits), unreadable: [] };
      },
      async openKeys() {
        return [...rows.values()].flatMap((row) => {
          const at = dueAt(row);
          return at === undefined ? [] : [{ callbackId: row.callbackId, dueAt: at }];
        });
      },
      async rows(callbackIds) {
        return { rows: callbackIds.flatMap((id) => rows.get(id) ?? []), unreadable: [] };
      },
      async closed() {
        return { rows: [...rows.values()].filter((row) => !isOpen(row)), next: undefined };
      },
      async losingOutcomes(callbackId) {
        const ofCallback = [...kept.values()].filter((outcome) => outcome.callbackId === callbackId);
        return ofCallback.sort((a, b) => a.at - b.at);
      },
    },
  };
}

const liesApart = <Row extends Callback>(row: Row): row is Row & { readonly work: Work } =>
  row.schema === 2 && row.work !== 'apart' && !fitsInRow(row.work);

const stored = (row: Callback): Callback => (liesApart(row) ? { ...row, work: 'apart' } : row);
