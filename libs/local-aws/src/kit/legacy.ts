import type { Action, Caller, JsonObject } from '../kernel/service.ts';

/** An action that reads its members itself. */
export type LegacyAction = (input: JsonObject, caller: Caller) => JsonObject | Promise<JsonObject>;

const LONG_POLLS = new Set(['ReceiveMessage', 'GetActivityTask', 'StartSyncExecution']);

export const legacy = (actions: Readonly<Record<string, LegacyAction>>): Readonly<Record<string, Action>> =>
  Object.fromEntries(
    Object.entries(actions).map(([name, act]): [string, Action] => [
      name,
      {
        evidence: 'documented',
        longPoll: LONG_POLLS.has(name),
        prepare: (input, caller) => ({ resources: ['*'], run: () => act(input, caller) }),
      },
    ]),
  );
