/** What a history says of each state, and its events as rows of a table. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';

export type StateStatus = 'running' | 'succeeded' | 'failed' | 'caught' | 'stopped';

export interface StateVisits {
  readonly status: StateStatus;
  readonly entered: number;
  /** Attempts beyond the first one of each visit. */
  readonly retries: number;
}

export interface EventRow {
  readonly id: number;
  readonly type: string;
  readonly at: number;
  readonly state: string | undefined;
  /** Inputs, outputs, errors and causes, by their names in AWS's API. */
  readonly details: Readonly<Record<string, unknown>>;
}

export function readHistory(
  events: readonly HistoryEvent[],
  isOver: boolean,
): { rows: EventRow[]; states: Record<string, StateVisits> } {
  const stateOf = new Map<number, string>();
  const rows = [...events]
    .sort((a, b) => (a.id ?? 0) - (b.id ?? 0))
    .map((event): EventRow => {
      const { id = 0, previousEventId = 0, type = '', timestamp } = event;
      const named = event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name;
      const state = named ?? (isOfExecution(type) ? undefined : stateOf.get(previousEventId));
      if (state !== undefined) stateOf.set(id, state);
      return { id, type, at: timestamp?.getTime() ?? 0, state, details: detailsOf(event) };
    });
  return { rows, states: visitsOf(rows, isOver) };
}

const isOfExecution = (type: string): boolean => type.startsWith('Execution');

/** The one member of an event that has its details. */
function detailsOf(event: HistoryEvent): Readonly<Record<string, unknown>> {
  const [, details] = Object.entries(event).find(([name]) => name.endsWith('EventDetails')) ?? [];
  return Object.fromEntries(
    Object.entries((details ?? {}) as object).filter(
      ([name, value]) => value !== undefined && !name.endsWith('Details') && name !== 'name',
    ),
  );
}

const STARTS_ATTEMPT = /^(Task|LambdaFunction|Activity)Scheduled$/;
const FAILS = /(Failed|TimedOut|Aborted)$/;

function visitsOf(rows: readonly EventRow[], isOver: boolean): Record<string, StateVisits> {
  const names = [...new Set(rows.flatMap(({ state }) => state ?? []))];
  const ended = rows.findLast(({ type }) => isOfExecution(type) && type !== 'ExecutionStarted')?.type ?? '';
  const visits = names.map((name): [string, StateVisits] => {
    const own = rows.filter(({ state }) => state === name);
    const count = (fits: (type: string) => boolean): number => own.filter(({ type }) => fits(type)).length;
    const entered = count((type) => type.endsWith('StateEntered'));
    const exited = count((type) => type.endsWith('StateExited'));
    const attempts = count((type) => STARTS_ATTEMPT.test(type));
    const lastFailed = FAILS.test(own.findLast(({ type }) => !type.endsWith('StateExited'))?.type ?? '');
    return [name, { entered, retries: Math.max(0, attempts - entered), status: statusOf() }];

    function statusOf(): StateStatus {
      if (exited >= entered) return lastFailed ? 'caught' : 'succeeded';
      if (!isOver) return 'running';
      return ended === 'ExecutionAborted' || !lastFailed
        ? ended === 'ExecutionFailed'
          ? 'failed'
          : 'stopped'
        : 'failed';
    }
  });
  return Object.fromEntries(visits);
}
