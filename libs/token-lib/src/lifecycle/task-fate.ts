/**
 * What became of a task, read from its execution's history. Needed where SendTask* cannot tell: a second success, a
 * timeout and an abort all answer the same. Pure; aws/step-functions-executions.ts brings the pages.
 */
export type TaskFate =
  | { readonly fate: 'succeeded' }
  | { readonly fate: 'failed'; readonly error: string | undefined }
  /** Timed out, or aborted with its branch or its execution; `by` is the event's type. */
  | { readonly fate: 'closed'; readonly by: string }
  | { readonly fate: 'open' }
  | { readonly fate: 'unknown'; readonly why: string };

/** The members of a history event that matter here. */
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
 * `events` run from the newest backwards, at least to the task's TaskScheduled; undefined when that is not among them.
 * The task's own chain leads from there to its end; without an end it is open, unless the whole execution has ended.
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
