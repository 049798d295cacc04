/**
 * The open callbacks as the console last saw them, by their next deadline. A refresh reads the keys of the index, and then only the rows that are
 * new, that have changed since (a write moves `dueAt`), or that somebody has named; the longest unread of the others are read in turn, as far as
 * the budget allows. So an idle list costs a page of the index and `BUDGET` rows a poll, however long it is.
 */
import { type CallbackRecords, isOpen, type Millis, nextDeadline, type OpenCallback } from '@baton/token-lib';

export interface WaitingFilter {
  readonly text?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  readonly machine?: string | undefined;
  readonly host?: string | undefined;
  readonly overdue?: boolean | undefined;
}

export interface WaitingList {
  /** Counts the changes that were seen. */
  readonly version: number;
  /** When it was last read; undefined before the first time. */
  readonly readAt: Millis | undefined;
  /** Rows that this version of Baton does not understand. */
  readonly unreadable: readonly string[];
  /** Has the row read at the next refresh. */
  touch(callbackId: string): void;
  /** @returns whether anything has changed */
  refresh(): Promise<boolean>;
  matching(filter: WaitingFilter): readonly OpenCallback[];
  /** What there is to filter by. */
  choices(): { readonly machines: readonly string[]; readonly hosts: readonly string[] };
}

interface Seen {
  readonly row: OpenCallback;
  readonly dueAt: Millis;
  readonly readAt: Millis;
}

/** Rows that nothing is known to have changed, and that a refresh reads all the same. */
const BUDGET = 100;
/** The first rows are there before all of them are. */
const FIRST = 300;

export const machineOf = (executionArn: string): string => executionArn.split(':').at(-2) ?? '';

export function createWaitingList(records: Pick<CallbackRecords, 'openKeys' | 'rows'>, now: () => Millis): WaitingList {
  const seen = new Map<string, Seen>();
  const touched = new Set<string>();
  let sorted: readonly OpenCallback[] | undefined;
  let running: Promise<boolean> | undefined;
  const state = { version: 0, readAt: undefined as Millis | undefined, unreadable: [] as readonly string[] };

  const bump = (): void => {
    sorted = undefined;
    state.version += 1;
  };
  async function read(ids: readonly string[], dueAt: ReadonlyMap<string, Millis>): Promise<void> {
    const found = await records.rows(ids);
    const open = new Map(found.rows.filter(isOpen).map((row) => [row.callbackId, row]));
    for (const id of ids) {
      const row = open.get(id);
      if (row?.version !== seen.get(id)?.row.version) bump();
      if (row === undefined) seen.delete(id);
      else seen.set(id, { row, dueAt: dueAt.get(id) ?? row.dueAt, readAt: now() });
    }
    const fresh = found.unreadable.filter((id) => !state.unreadable.includes(id));
    state.unreadable = [...state.unreadable, ...fresh];
  }

  async function refreshAll(): Promise<boolean> {
    const before = state.version;
    const keys = new Map((await records.openKeys()).map(({ callbackId, dueAt }) => [callbackId, dueAt]));
    for (const id of seen.keys()) {
      if (!keys.has(id) && seen.delete(id)) bump();
    }
    const ids = idsToRead(keys, seen, touched);
    touched.clear();
    for (let at = 0; at < ids.length; at += FIRST) await read(ids.slice(at, at + FIRST), keys);
    state.readAt = now();
    return state.version !== before;
  }

  const choices: WaitingList['choices'] = () => {
    const rows = [...seen.values()].map(({ row }) => row);
    return {
      machines: distinct(rows.map(({ context }) => machineOf(context.executionArn))),
      hosts: distinct(rows.map(({ terms }) => terms.instanceId)),
    };
  };

  return {
    get version() {
      return state.version;
    },
    get readAt() {
      return state.readAt;
    },
    get unreadable() {
      return state.unreadable;
    },
    touch: (callbackId) => void touched.add(callbackId),
    refresh: () => (running ??= refreshAll().finally(() => (running = undefined))),
    matching(filter) {
      sorted ??= [...seen.values()].map(({ row }) => row).sort((a, b) => nextDeadline(a).at - nextDeadline(b).at);
      return sorted.filter((row) => fits(row, filter, now()));
    },
    choices,
  };
}

const distinct = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names)].filter((name) => name !== undefined).sort();

/** The keys of rows to read now: those that were named or have changed, by when they are due, and the longest unread of the others. */
function idsToRead(
  keys: ReadonlyMap<string, Millis>,
  seen: ReadonlyMap<string, Seen>,
  touched: ReadonlySet<string>,
): string[] {
  const changed = [...keys].filter(([id, dueAt]) => seen.get(id)?.dueAt !== dueAt).map(([id]) => id);
  const wanted = new Set([...[...touched].filter((id) => keys.has(id)), ...changed]);
  const rest = [...seen.entries()].filter(([id]) => !wanted.has(id)).sort(([, a], [, b]) => a.readAt - b.readAt);
  const byDue = [...wanted].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
  return [...byDue, ...rest.slice(0, BUDGET).map(([id]) => id)];
}

function fits(row: OpenCallback, { text, kind, state, machine, host, overdue }: WaitingFilter, now: Millis): boolean {
  const { terms, context, callbackId } = row;
  return (
    (kind === undefined || terms.kind === kind) &&
    (state === undefined || row.state === state) &&
    (machine === undefined || machineOf(context.executionArn) === machine) &&
    (host === undefined || terms.instanceId === host) &&
    (overdue !== true || nextDeadline(row).at <= now) &&
    (text === undefined || searchable(terms.summary, context.executionArn, context.state, callbackId).includes(text))
  );
}

const searchable = (...texts: readonly string[]): string => texts.join(' ').toLowerCase();
