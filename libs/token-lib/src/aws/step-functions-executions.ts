import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import { type TaskEvent, taskFate } from '../lifecycle/task-fate.ts';
import { revealTaskToken } from '../wire/task-token.ts';

export { SFNClient } from '@aws-sdk/client-sfn';

const EVENTS_A_PAGE = 500;
/** GetExecutionHistory refills at 20 calls a second for the whole account. */
const MAX_PAGES = 10;

const taskEvent = (event: HistoryEvent): TaskEvent => ({
  id: event.id ?? 0,
  previousEventId: event.previousEventId ?? 0,
  type: event.type ?? '',
  parameters: event.taskScheduledEventDetails?.parameters,
  error: event.taskFailedEventDetails?.error,
});

/** Reads backwards from the newest event, until the task's own TaskScheduled is seen. */
export function stepFunctionsExecutions(client: SFNClient): Executions {
  return {
    async fateOf(executionArn, token) {
      const history = paginateGetExecutionHistory(
        { client, pageSize: EVENTS_A_PAGE },
        { executionArn, reverseOrder: true },
      );
      const seen: TaskEvent[] = [];
      let pages = 0;
      try {
        for await (const { events = [], nextToken } of history) {
          seen.push(...events.map(taskEvent));
          const fate = taskFate(seen, revealTaskToken(token));
          if (fate !== undefined) return fate;
          pages += 1;
          if (nextToken && pages === MAX_PAGES) return { fate: 'unknown', why: 'the history is too long to read' };
        }
        return { fate: 'unknown', why: 'the history does not have the task' };
      } catch (error) {
        const name = errorName(error);
        return name === 'ExecutionDoesNotExist' ? { fate: 'closed', by: name } : { fate: 'unknown', why: name };
      }
    },
  };
}
