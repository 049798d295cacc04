import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '../ports.ts';
import { errorName } from '../send-task-errors.ts';
import { type TaskEvent, taskFate } from '../lifecycle/task-fate.ts';
import { revealTaskToken } from '../task-token.ts';

const EVENTS_A_PAGE = 500;
/** GetExecutionHistory refills at 20 calls a second for the whole account. */
const MOST_PAGES = 10;

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
      const events: TaskEvent[] = [];
      let nextToken: string | undefined;
      try {
        for (let page = 0; page < MOST_PAGES; page++) {
          const answer: { events?: HistoryEvent[] | undefined; nextToken?: string | undefined } = await client.send(
            new GetExecutionHistoryCommand({
              executionArn,
              reverseOrder: true,
              maxResults: EVENTS_A_PAGE,
              ...(nextToken !== undefined && { nextToken }),
            }),
          );
          events.push(...(answer.events ?? []).map(taskEvent));
          const fate = taskFate(events, revealTaskToken(token));
          if (fate !== undefined) return fate;
          nextToken = answer.nextToken;
          if (nextToken === undefined) return { fate: 'unknown', why: 'the history does not have the task' };
        }
        return { fate: 'unknown', why: 'the history is too long to read' };
      } catch (error) {
        const name = errorName(error);
        return name === 'ExecutionDoesNotExist' ? { fate: 'closed', by: name } : { fate: 'unknown', why: name };
      }
    },
  };
}
