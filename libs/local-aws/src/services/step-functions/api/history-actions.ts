import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { HistoryEvent } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import type { ExecutionStore } from '../run/execution-store.ts';
import { pageOf } from './pages.ts';
import { arn, flag, optional, pageMembers, readRequest } from './request.ts';
import { toSeconds } from './seconds.ts';

export function createHistoryActions(executions: ExecutionStore): Record<string, Action> {
  return {
    GetExecutionHistory(input) {
      const request = readRequest(input, {
        executionArn: arn,
        reverseOrder: optional(flag),
        includeExecutionData: optional(flag),
        ...pageMembers,
      });
      const { history } = executions.look(request.executionArn).execution;
      const { items, ...rest } = pageOf(history, request, { reverse: request.reverseOrder ?? false });
      const events = items.map((event) => toApiEvent(event, request.includeExecutionData ?? true));
      return { events, ...rest };
    },
  };
}

/** Without execution data the payloads of states and tasks are left out; a task's parameters stay, as on AWS. */
const PAYLOADS = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'assignedVariables',
  'assignedVariablesDetails',
]);

function toApiEvent(event: HistoryEvent, withData: boolean): JsonObject {
  const shown: JsonObject = { ...event, timestamp: toSeconds(event.timestamp) };
  if (withData) return shown;
  for (const [name, details] of Object.entries(shown)) {
    if (!name.endsWith('EventDetails') || details === undefined) continue;
    const members = Object.entries(details as JsonObject).filter(([member]) => !PAYLOADS.has(member));
    shown[name] = Object.fromEntries(members);
  }
  return shown;
}
