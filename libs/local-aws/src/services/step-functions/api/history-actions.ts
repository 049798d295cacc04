import type { HistoryEvent } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { flag, withDefault } from '../../../kit/reader.ts';
import type { Runtime } from '../run/runtime.ts';
import { arn, listOf, pageMembers, toSeconds } from './members.ts';

export function historyActions({ executions }: Runtime): Record<string, UnboundAction> {
  return {
    GetExecutionHistory: action(
      {
        executionArn: arn,
        reverseOrder: withDefault(flag, false),
        includeExecutionData: withDefault(flag, true),
        ...pageMembers,
      },
      {
        resources: ({ executionArn }) => [executionArn],
        evidence: 'recorded',
        run({ executionArn, reverseOrder, includeExecutionData, ...request }) {
          const { history } = executions.look(executionArn).execution;
          const { items, rest } = listOf(history, request, { reverse: reverseOrder });
          return { events: items.map((event) => toApiEvent(event, includeExecutionData)), ...rest };
        },
      },
    ),
  };
}

/** Without execution data the payloads of states and tasks are left out; a task's parameters stay. [documented, parameters guessed] */
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
    if (!name.endsWith('EventDetails') || !details) continue;
    shown[name] = Object.fromEntries(Object.entries(details).filter(([member]) => !PAYLOADS.has(member)));
  }
  return shown;
}
