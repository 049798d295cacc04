/**
 * The one way in: every call of an action, over HTTP or in this process, goes through these steps in this order.
 *
 *   read        the members are read; a malformed request goes no further
 *   authorize   may this caller do this to these resources?
 *   throttle    may it be done now?
 *   fault       does it fail, or does its response get lost?
 *   act         the service does it
 *   observe     whoever looks on is told of the response or the refusal
 *
 * `authorize`, `throttle` and `fault` pass everything unless one is given.
 */
import { AwsError } from './aws-error.ts';
import type { Activity } from './clock/activity.ts';
import type { Observers } from './observers.ts';
import type { Action, ActionName, Caller, JsonObject, Service, ServiceId, World } from './service.ts';

/** A call whose members have been read. */
export interface Call {
  readonly caller: Caller;
  /** `execute-api` for a request to an HTTP API. */
  readonly service: ServiceId | 'execute-api';
  /** E.g. `SendMessage`. */
  readonly action: string;
  readonly input: JsonObject;
  /** The ARNs that it names; `*` where the action knows no resources. */
  readonly resources: readonly string[];
}

export interface Steps {
  /** @throws {AwsError} AccessDenied, in the service's words */
  readonly authorize?: (call: Call) => void | Promise<void>;
  /** @throws {AwsError} Throttling, in the service's words */
  readonly throttle?: (call: Call) => void | Promise<void>;
  /** Acts, or does not, or acts and loses the response. @throws {AwsError} */
  readonly fault?: (call: Call, act: () => Promise<JsonObject>) => Promise<JsonObject>;
}

export type Services = Partial<Record<ServiceId, Service>>;

/** @throws {AwsError} UnknownOperationException, which lists what there is */
export function findAction(services: Services, id: ServiceId, action: string): Action {
  const service = services[id];
  if (service === undefined) {
    throw new AwsError('UnknownOperationException', `There is no ${id} here, only ${Object.keys(services).join(', ')}`);
  }
  const found = Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (found === undefined) {
    const known = Object.keys(service.actions).sort().join(', ');
    throw new AwsError('UnknownOperationException', `${id} has no action ${action || '(none)'} here; it has ${known}`);
  }
  return found;
}

export interface CallParts {
  readonly activity: Activity;
  readonly observers: Observers;
  readonly steps: Steps;
  /** Services are made with the world that they are in, so they are asked for when they are called. */
  readonly services: () => Services;
}

export function createCall({ activity, observers, steps, services }: CallParts): World['call'] {
  const perform = async (found: Action, caller: Caller, name: readonly [ServiceId, string], input: JsonObject) => {
    const [service, action] = name;
    try {
      const { resources, run } = found.prepare(input, caller);
      const call: Call = { caller, service, action, input, resources };
      if (steps.authorize) await steps.authorize(call);
      if (steps.throttle) await steps.throttle(call);
      const output = steps.fault ? await steps.fault(call, async () => run()) : await run();
      observers.called({ caller, service, action, input, output });
      return output;
    } catch (error) {
      if (error instanceof AwsError) observers.called({ caller, service, action, input, error });
      throw error;
    }
  };

  return async (caller, name, input) => {
    const [id, action] = split(name);
    const found = findAction(services(), id, action);
    const performed = perform(found, caller, [id, action], input);
    return found.longPoll ? performed : activity.track(performed);
  };
}

function split(name: ActionName): readonly [ServiceId, string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon) as ServiceId, name.slice(colon + 1)];
}
