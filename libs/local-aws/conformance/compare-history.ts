import type { JsonObject } from '../src/index.ts';
import { difference } from './match.ts';
import type { RecordedEvent } from './scenario.ts';

export type Event = JsonObject & { readonly type: string };

/** How far two histories agree: 2 when their event types differ, 3 when only details do, 4 when they are equal. */
export interface HistoryVerdict {
  readonly level: 2 | 3 | 4;
  readonly difference?: string;
}

/**
 * Compares event by event, ids included, where the order of events is determined. Branches that run side by side may
 * interleave in any way, so between the fork and the join events are compared as sets, without ids, and then by the type of
 * event that each one follows. The recordings' own replayer compares whole histories with a Map or a Parallel that way.
 */
export function compareHistory(expected: readonly RecordedEvent[], history: readonly Event[]): HistoryVerdict {
  const fork = forkOf(expected);
  const join = Math.max(fork, joinOf(expected));
  const types = typeDifference(expected, history, fork, join);
  if (types !== undefined) return { level: 2, difference: types };
  const bindings = new Map<string, string>();
  const found =
    differenceInOrder(expected, history, 0, fork, bindings) ??
    differenceOfSets(expected.slice(fork, join), history.slice(fork, join)) ??
    differenceInOrder(expected, history, join, expected.length, bindings) ??
    (fork < join ? followDifference(expected, history) : undefined);
  return found === undefined ? { level: 4 } : { level: 3, difference: found };
}

/** The place of the first event that runs beside others: a branch of a Parallel, or one of several iterations begun at once. */
function forkOf(events: readonly RecordedEvent[]): number {
  const parallel = events.findIndex(({ type }) => type === 'ParallelStateStarted');
  const begun = new Set<unknown>();
  const iteration = events.findIndex(({ type, previousEventId }) => {
    if (type !== 'MapIterationStarted') return false;
    if (begun.has(previousEventId)) return true;
    begun.add(previousEventId);
    return false;
  });
  return Math.min(parallel < 0 ? events.length : parallel + 1, iteration < 0 ? events.length : iteration);
}

/** The place of the first event after all branches have ended; the end, where nothing says that they have. */
function joinOf(events: readonly RecordedEvent[]): number {
  const last = events.findLastIndex(({ type }) => /^(Parallel|Map)State(Failed|Exited)$/.test(type));
  return last < 0 ? events.length : last;
}

function typeDifference(
  expected: readonly RecordedEvent[],
  history: readonly Event[],
  fork: number,
  join: number,
): string | undefined {
  const typesOf = (events: readonly Event[]): string[] => {
    const types = events.map(({ type }) => type);
    return [...types.slice(0, fork), ...types.slice(fork, join).sort(), ...types.slice(join)];
  };
  const [wanted, found] = [typesOf(expected as readonly Event[]), typesOf(history)];
  const length = Math.max(wanted.length, found.length);
  const first = Array.from({ length }, (_, index) => index).find((index) => wanted[index] !== found[index]);
  if (first === undefined) return undefined;
  const shown = (list: string[]): string => list.slice(first, first + 3).join(', ') || 'the end';
  return `event ${first + 1}: ${shown(wanted)} vs ${shown(found)}`;
}

function differenceInOrder(
  expected: readonly RecordedEvent[],
  history: readonly Event[],
  from: number,
  to: number,
  bindings: Map<string, string>,
): string | undefined {
  for (let index = from; index < to; index += 1) {
    const event = expected[index] as RecordedEvent;
    const found = difference(event, history[index], bindings, `event ${index + 1} (${event.type})`);
    if (found) return found;
  }
  return undefined;
}

function differenceOfSets(expected: readonly RecordedEvent[], history: readonly Event[]): string | undefined {
  const rest = history.map(withoutIds);
  for (const event of expected.map(withoutIds)) {
    let closest: string | undefined;
    const index = rest.findIndex((candidate) => {
      if (candidate['type'] !== event['type']) return false;
      closest = difference(event, candidate, new Map(), String(event['type']));
      return closest === undefined;
    });
    if (index < 0) return closest ?? `no ${String(event['type'])}`;
    rest.splice(index, 1);
  }
  return undefined;
}

function withoutIds(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'id' && name !== 'previousEventId'));
}

/** Events follow events of the same types, equally often. Nothing to compare where the recorder blotted ids out. */
function followDifference(expected: readonly RecordedEvent[], history: readonly Event[]): string | undefined {
  if (expected.some(({ id, previousEventId }) => typeof id !== 'number' || typeof previousEventId !== 'number')) {
    return undefined;
  }
  const [wanted, found] = [pairsOf(expected as readonly Event[]), pairsOf(history)];
  const first = wanted.findIndex((pair, index) => pair !== found[index]);
  return first < 0 ? undefined : `previousEventId: ${wanted[first]} vs ${found[first] ?? 'nothing'}`;
}

/** `EVENT follows EVENT`, sorted; without those that follow an event which the recording lacks. */
function pairsOf(events: readonly Event[]): string[] {
  const types = new Map<unknown, string>(events.map(({ id, type }) => [id, type]));
  return events
    .filter(({ previousEventId }) => previousEventId === 0 || types.has(previousEventId))
    .map(({ type, previousEventId }) => `${type} follows ${types.get(previousEventId) ?? 'nothing'}`)
    .sort();
}
