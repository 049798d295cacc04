/**
 * How a task ended, according to its execution's history. SendTask* cannot tell: it answers a repeated success, a timeout
 * and an abort alike. Pure; aws/step-functions-executions.ts reads the pages.
 */
export type TaskFate =
  | { readonly fate: 'succeeded' }
  | { readonly fate: 'failed'; readonly error: string | undefined }
  /** Timed out, or aborted with its branch or its execution; `by` is the event's type. */
  | { readonly fate: 'closed'; readonly by: string }
  | { readonly fate: 'open' }
  | { readonly fate: 'unknown'; readonly why: string };

/** The fields of a history event that matter here. */
export interface TaskEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Of a TaskScheduled: the parameters, with the token in them. */
  readonly parameters?: string | undefined;
  /** Of a TaskFailed. */
  readonly error?: string | undefined;
}

const UNDER_WAY = new Set(['TaskScheduled', 'TaskStarted', 'TaskSubmitted']);
const EXECUTION_ENDS = new Set(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut']);

/**
 * Follows the task's events from its TaskScheduled to its end. A task without an end is open, unless the whole execution
 * has ended.
 *
 * @param events newest first, back to the task's TaskScheduled
 * @returns undefined if the TaskScheduled is not among them
 */
export function taskFate(events: readonly TaskEvent[], token: string): TaskFate | undefined {
  const scheduled = events.find((event) => event.type === 'TaskScheduled' && event.parameters?.includes(token));
  if (scheduled === undefined) return undefined;
  const after = new Map(
    events.filter((event) => event.type.startsWith('Task')).map((event) => [event.previousEventId, event]),
  );
  let last: TaskEvent = scheduled;
  while (UNDER_WAY.has(last.type)) {
    const next = after.get(last.id);
    if (next === undefined) {
      const end = events.find((event) => event.id > scheduled.id && EXECUTION_ENDS.has(event.type));
      return end === undefined ? { fate: 'open' } : { fate: 'closed', by: end.type };
    }
    last = next;
  }
  if (last.type === 'TaskSucceeded') return { fate: 'succeeded' };
  if (last.type === 'TaskFailed') return { fate: 'failed', error: last.error };
  return { fate: 'closed', by: last.type };
}
