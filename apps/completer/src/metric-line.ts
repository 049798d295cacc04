import { type Measures, type Millis, seconds } from '@baton/token-lib';

/**
 * A line from which CloudWatch Logs makes metrics (embedded metric format). It must be written as it is: with a time or a level
 * before it, it is no metric.
 */
export function metricLine(
  measures: Measures & { readonly pendingSubscriptions?: number | undefined },
  functionName: string,
  at: Millis,
): string {
  const figures = {
    Due: { unit: 'Count', value: measures.due },
    OldestOpen: { unit: 'Seconds', value: measures.oldestOpen / seconds(1) },
    LongestOverdue: { unit: 'Seconds', value: measures.longestOverdue / seconds(1) },
    OldestSettling: { unit: 'Seconds', value: measures.oldestSettling / seconds(1) },
    PendingSubscriptions: { unit: 'Count', value: measures.pendingSubscriptions },
  };
  const known = Object.entries(figures).filter(([, { value }]) => value !== undefined);
  const Metrics = known.map(([Name, { unit }]) => ({ Name, Unit: unit }));
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: 'Baton', Dimensions: [['FunctionName']], Metrics }] },
    FunctionName: functionName,
    ...Object.fromEntries(known.map(([name, { value }]) => [name, value])),
  });
}
