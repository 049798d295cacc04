/** What Baton's operations need of the world: the table in memory, the test's clock, and Step Functions in this process. */
import type { AwsError, LocalAws, ManualClock } from '@baton/local-aws';
import {
  type CallbackId,
  callbackIdOf,
  classifySendTaskError,
  type ObservePorts,
  type ReminderPorts,
  takeReminder,
  taskFate,
  type TaskToken,
} from '@baton/token-lib';
import type { MemoryTable } from '@baton/token-lib/testing/memory-table';
import * as z from 'zod/mini';
import type { TestHosts } from './hosts.ts';

export interface PlatformParts {
  readonly aws: LocalAws<ManualClock>;
  readonly hosts: TestHosts;
}

export type Ports = ObservePorts & ReminderPorts;

/** @param tokens the text of each callback's token */
export function createPorts(
  { aws, hosts }: PlatformParts,
  table: MemoryTable,
  tokens: ReadonlyMap<CallbackId, string>,
): Ports {
  const { clock, activity } = aws;
  const call = (action: 'SendTaskSuccess' | 'SendTaskFailure' | 'SendTaskHeartbeat', token: TaskToken, more = {}) =>
    aws.call(`states:${action}`, { taskToken: tokens.get(callbackIdOf(token)), ...more }).then(
      () => ({ answer: 'accepted' as const }),
      (error: AwsError) => classifySendTaskError(Object.assign(new Error(error.message), { name: error.code })),
    );

  const ports: Ports = {
    store: table.store,
    open: table.open,
    tasks: {
      completeTask: (token, outcome) =>
        outcome.type === 'success'
          ? call('SendTaskSuccess', token, { output: outcome.output })
          : call('SendTaskFailure', token, { error: outcome.error, cause: outcome.cause }),
      heartbeat: (token) => call('SendTaskHeartbeat', token),
    },
    executions: {
      async fateOf(executionArn, token) {
        const { events } = await aws.call('states:GetExecutionHistory', { executionArn, maxResults: 1000 });
        return fateIn(events, tokens.get(callbackIdOf(token)) ?? '');
      },
    },
    reminders: {
      async remind(callbackId, delay) {
        clock.at(clock.now() + delay, () => void activity.track(takeReminder(ports, callbackId, clock.now())));
        return { answer: 'started', receipt: 'reminder' };
      },
    },
    observer: {
      callbackIdOf: async (commandId) => commandId.replace(/^command-/, ''),
      invocation: async () => ({ status: 'InProgress', statusDetails: 'InProgress', stderr: '' }),
      cancel: async () => undefined,
    },
    hosts: { stateOf: async (instanceId) => (hosts.byId(instanceId)?.alive ? 'running' : 'terminated') },
    sender: { find: async () => undefined },
    pause: async () => undefined,
    log: () => undefined,
  };
  return ports;
}

const Events = z.array(
  z.looseObject({
    id: z.number(),
    previousEventId: z.number(),
    type: z.string(),
    taskScheduledEventDetails: z.optional(z.looseObject({ parameters: z.optional(z.string()) })),
    taskFailedEventDetails: z.optional(z.looseObject({ error: z.optional(z.string()) })),
  }),
);

/** How the task with this token stands, by its execution's history. */
export function fateIn(events: unknown, token: string): ReturnType<typeof taskFate> & object {
  const newestFirst = z
    .parse(Events, events)
    .map(({ id, previousEventId, type, taskScheduledEventDetails, taskFailedEventDetails }) => ({
      id,
      previousEventId,
      type,
      parameters: taskScheduledEventDetails?.parameters,
      error: taskFailedEventDetails?.error,
    }))
    .toReversed();
  return taskFate(newestFirst, token) ?? { fate: 'unknown', why: 'the history does not have the task' };
}
