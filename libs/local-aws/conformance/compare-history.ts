import type { JsonObject } from '../src/index.ts';
import { difference } from './match.ts';
import type { RecordedEvent } from './scenario.ts';

export type Event = JsonObject & { readonly type: string };

/** How far two histories agree. 2: their event types differ; 3: only details or ids differ; 4: they are equal. */
export interface HistoryVerdict {
  readonly level: 2 | 3 | 4;
  readonly difference?: string;
}

/**
 * Compares event by event, with ids, where the order of events is determined. Branches that run side by side may interleave in any
 * way. From their start (fork) to their end (join), events are compared as sets without ids, and by the type of event that each one
 * follows. The recordings' own replayer compares the whole history in that way when the definition has a Map or a Parallel.
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

/** Returns the index of the first event that may interleave: of a Parallel's branches, or of iterations started at once. */
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

/** Returns the index of the first event after all branches; the end of the history when they have not ended. */
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
  const [wanted, found] = [typesOf(expected), typesOf(history)];
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

/** Compares how often events of one type follow those of another. Returns undefined when the recorder erased ids. */
function followDifference(expected: readonly RecordedEvent[], history: readonly Event[]): string | undefined {
  if (expected.some(({ id, previousEventId }) => typeof id !== 'number' || typeof previousEventId !== 'number')) {
    return undefined;
  }
  const [wanted, found] = [pairsOf(expected), pairsOf(history)];
  const first = wanted.findIndex((pair, index) => pair !== found[index]);
  return first < 0 ? undefined : `previousEventId: ${wanted[first]} vs ${found[first] ?? 'nothing'}`;
}

/** Returns `TYPE follows TYPE` for every event, sorted, except for those that follow an event which the recorder left out. */
function pairsOf(events: readonly Event[]): string[] {
  const types = new Map<unknown, string>(events.map(({ id, type }) => [id, type]));
  return events
    .filter(({ previousEventId }) => previousEventId === 0 || types.has(previousEventId))
    .map(({ type, previousEventId }) => `${type} follows ${types.get(previousEventId) ?? 'nothing'}`)
    .sort();
}
