/** What a run of the reconciler has seen, as figures that alarms watch. */
import { type Callback, isOpen, type Millis, seconds } from '@baton/token-lib';

export interface Measures {
  /** Callbacks that were to be looked at. */
  readonly due: number;
  /** Age of the oldest that is open, due or not. */
  readonly oldestOpen: Millis;
  /** How long the task of an open callback should have been over. */
  readonly longestOverdue: Millis;
  /** For how long Step Functions has not taken an outcome that is decided. */
  readonly oldestSettling: Millis;
}

/**
 * @param seen the callbacks as they were found, before anything was done about them
 * @param openSince of the oldest of all
 */
export function measuresOf(
  { seen, due, openSince }: { seen: readonly Callback[]; due: number; openSince: Millis | undefined },
  at: Millis,
): Measures {
  const open = seen.filter(isOpen);
  return {
    due,
    oldestOpen: openSince === undefined ? 0 : Math.max(0, at - openSince),
    longestOverdue: Math.max(0, ...open.map((row) => at - row.deadline)),
    oldestSettling: Math.max(0, ...open.map((row) => (row.state === 'Settling' ? at - row.decidedAt : 0))),
  };
}

/**
 * A line from which CloudWatch Logs makes metrics (embedded metric format). It must be written as it is: with a time or a level
 * before it, it is no metric.
 */
export function metricLine(measures: Measures, functionName: string, at: Millis): string {
  const figures = {
    Due: { unit: 'Count', value: measures.due },
    OldestOpen: { unit: 'Seconds', value: measures.oldestOpen / seconds(1) },
    LongestOverdue: { unit: 'Seconds', value: measures.longestOverdue / seconds(1) },
    OldestSettling: { unit: 'Seconds', value: measures.oldestSettling / seconds(1) },
  };
  const Metrics = Object.entries(figures).map(([Name, { unit }]) => ({ Name, Unit: unit }));
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: 'Baton', Dimensions: [['FunctionName']], Metrics }] },
    FunctionName: functionName,
    ...Object.fromEntries(Object.entries(figures).map(([name, { value }]) => [name, value])),
  });
}
