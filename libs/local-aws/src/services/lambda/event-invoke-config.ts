import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { integer, optional, structure, text, type Members } from '../../kit/reader.ts';
import { userError, type EventInvokeConfig, type LambdaFunction } from './function.ts';
import type { FunctionStore, Located } from './function-store.ts';
import { functionArn, versionMembers } from './reference.ts';

const destination = optional(structure({ Destination: optional(text({ max: 350 })) }));
const configMembers = {
  MaximumRetryAttempts: optional(integer({ min: 0, max: 2 })),
  MaximumEventAgeInSeconds: optional(integer({ min: 60, max: 21_600 })),
  DestinationConfig: optional(structure({ OnSuccess: destination, OnFailure: destination })),
};

/** The actions that say how often and how long an Event invocation is tried, and where its result goes. */
export function eventInvokeConfigActions(functions: FunctionStore): Record<string, UnboundAction> {
  const evidence = 'documented';
  const find = ({ fn, qualifier }: Located): EventInvokeConfig => {
    const config = fn.eventInvokeConfigs.get(qualifier);
    if (config !== undefined) return config;
    const message = `The function ${fn.arn}:${qualifier} doesn't have an EventInvokeConfig`;
    throw userError('ResourceNotFoundException', message, 404);
  };
  const put = ({ fn, qualifier }: Located, given: Given, before?: EventInvokeConfig): JsonObject => {
    const config = { ...configure(given, before), lastModified: functions.world.clock.now() };
    fn.eventInvokeConfigs.set(qualifier, config);
    return configShape(fn, qualifier, config);
  };

  return {
    PutFunctionEventInvokeConfig: action(
      { ...versionMembers, ...configMembers },
      {
        resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
        evidence,
        run: (request) => put(functions.locate(request), request),
      },
    ),

    UpdateFunctionEventInvokeConfig: action(
      { ...versionMembers, ...configMembers },
      {
        resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
        evidence,
        run(request) {
          const located = functions.locate(request);
          return put(located, request, find(located));
        },
      },
    ),

    GetFunctionEventInvokeConfig: action(versionMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run(request) {
        const located = functions.locate(request);
        return configShape(located.fn, located.qualifier, find(located));
      },
    }),

    DeleteFunctionEventInvokeConfig: action(versionMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run(request) {
        const located = functions.locate(request);
        find(located);
        located.fn.eventInvokeConfigs.delete(located.qualifier);
        return {};
      },
    }),
  };
}

type Given = Members<typeof configMembers>;

/** An update keeps what it does not name; destinations are replaced together. */
function configure(given: Given, before: Partial<EventInvokeConfig> = {}): Omit<EventInvokeConfig, 'lastModified'> {
  const { DestinationConfig: destinations } = given;
  const maximumRetryAttempts = given.MaximumRetryAttempts ?? before.maximumRetryAttempts;
  const maximumEventAgeSeconds = given.MaximumEventAgeInSeconds ?? before.maximumEventAgeSeconds;
  const onSuccess = destinations ? destinations.OnSuccess?.Destination : before.onSuccess;
  const onFailure = destinations ? destinations.OnFailure?.Destination : before.onFailure;
  return {
    ...(maximumRetryAttempts !== undefined && { maximumRetryAttempts }),
    ...(maximumEventAgeSeconds !== undefined && { maximumEventAgeSeconds }),
    ...(onSuccess && { onSuccess }),
    ...(onFailure && { onFailure }),
  };
}

const configShape = (fn: LambdaFunction, qualifier: string, config: EventInvokeConfig): JsonObject => ({
  LastModified: config.lastModified / 1000,
  FunctionArn: `${fn.arn}:${qualifier}`,
  ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
  ...(config.maximumEventAgeSeconds !== undefined && { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});
