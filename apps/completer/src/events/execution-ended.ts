import { change, type Millis, taskClosed } from '@baton/token-lib';
import * as z from 'zod/mini';
import { eachOpen, type EventPorts } from './each-open.ts';

export const ExecutionEnded = z.object({
  executionArn: z.string(),
  status: z.enum(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  /** Milliseconds since 1970. */
  stopDate: z.nullish(z.number()),
});

/**
 * Nobody waits for the execution's callbacks any more: they are closed, their workers hear `stop` at the next
 * heartbeat, and what does not obey is cancelled by the reconciler. A callback that is younger than the stop belongs to
 * a redrive.
 */
export async function onExecutionEnded(
  ports: EventPorts,
  detail: z.infer<typeof ExecutionEnded>,
  at: Millis,
): Promise<void> {
  const stoppedAt = detail.stopDate ?? at;
  await eachOpen(ports, await ports.open.ofExecution(detail.executionArn), async (row) => {
    if (row.createdAt <= stoppedAt)
      await change(ports.store, row, (current) => taskClosed(current, 'execution-ended', at));
  });
}
