import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { userError, type EventInvokeConfig, type LambdaFunction } from './function.ts';
import { locate, type FunctionStore } from './functions.ts';

/** How often and how long an Event invocation is tried, and where it goes in the end. */
export function eventInvokeConfigActions(world: World, functions: FunctionStore): Record<string, Action> {
  const find = (input: JsonObject): { fn: LambdaFunction; qualifier: string; config: EventInvokeConfig } => {
    const { fn, qualifier } = locate(functions, input);
    const config = fn.eventInvokeConfigs.get(qualifier);
    if (config !== undefined) return { fn, qualifier, config };
    const message = `The function ${fn.arn}:${qualifier} doesn't have an EventInvokeConfig`;
    throw userError('ResourceNotFoundException', message, 404);
  };
  const put = (fn: LambdaFunction, qualifier: string, input: JsonObject, before?: EventInvokeConfig): JsonObject => {
    const config = parseEventInvokeConfig(world, input, before);
    fn.eventInvokeConfigs.set(qualifier, config);
    return showEventInvokeConfig(fn, qualifier, config);
  };

  return {
    PutFunctionEventInvokeConfig(input) {
      const { fn, qualifier } = locate(functions, input);
      return put(fn, qualifier, input);
    },
    UpdateFunctionEventInvokeConfig(input) {
      const { fn, qualifier, config } = find(input);
      return put(fn, qualifier, input, config);
    },
    GetFunctionEventInvokeConfig(input) {
      const { fn, qualifier, config } = find(input);
      return showEventInvokeConfig(fn, qualifier, config);
    },
    DeleteFunctionEventInvokeConfig(input) {
      const { fn, qualifier } = find(input);
      fn.eventInvokeConfigs.delete(qualifier);
      return {};
    },
  };
}

function parseEventInvokeConfig(world: World, input: JsonObject, before?: EventInvokeConfig): EventInvokeConfig {
  const within = (name: string, least: number, most: number, previous: number | undefined): number | undefined => {
    const value = input[name] ?? previous;
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw userError(
      'InvalidParameterValueException',
      `${name} is ${JSON.stringify(value)}; it must be from ${least} to ${most}.`,
    );
  };
  const destinations = input['DestinationConfig'] as Record<string, { Destination?: string }> | undefined;
  const destination = (name: string, previous: string | undefined): string | undefined =>
    destinations === undefined ? previous : destinations[name]?.Destination;
  const members = {
    maximumRetryAttempts: within('MaximumRetryAttempts', 0, 2, before?.maximumRetryAttempts),
    maximumEventAgeSeconds: within('MaximumEventAgeInSeconds', 60, 21_600, before?.maximumEventAgeSeconds),
    onSuccess: destination('OnSuccess', before?.onSuccess),
    onFailure: destination('OnFailure', before?.onFailure),
  };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return { lastModified: world.clock.now(), ...Object.fromEntries(given) };
}

const showEventInvokeConfig = (fn: LambdaFunction, qualifier: string, config: EventInvokeConfig): JsonObject => ({
  LastModified: config.lastModified / 1000,
  FunctionArn: `${fn.arn}:${qualifier}`,
  ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
  ...(config.maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});
