import { randomUUID } from 'node:crypto';
import type { Activity } from './clock/activity.ts';
import { AwsError } from './aws-error.ts';
import type { Clock } from './clock/clock.ts';
import { createCredentials } from './credentials/credentials.ts';
import { findAction, type Services } from './front-door.ts';
import type { Observers } from './observers.ts';
import { HOST } from './server.ts';
import type { Caller, ServiceEvent, World } from './service.ts';

export interface WorldParts {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly observers: Observers;
  readonly accountId: string;
  readonly region: string;
  readonly folder: string;
  /** The services are made with the world that they are in: they are asked for when they are called. */
  readonly services: () => Services;
  readonly publish: (event: ServiceEvent) => void;
  /** Undefined before listening. */
  readonly address: () => string | undefined;
}

/** Long polls end by the clock: the clock may not wait for them. */
const LONG_POLLS = new Set(['ReceiveMessage', 'GetActivityTask', 'StartSyncExecution']);

export function createWorld(parts: WorldParts): World {
  const { clock, activity, observers, accountId, region, folder } = parts;
  const root: Caller = { accountId, region, principalArn: `arn:aws:iam::${accountId}:root` };

  const call: World['call'] = (service, action, input, caller = root) => {
    const run = async () => {
      try {
        const output = await findAction(parts.services(), service, action)(input, caller);
        observers.called({ service, action, input, output });
        return output;
      } catch (error) {
        if (error instanceof AwsError) observers.called({ service, action, input, error });
        throw error;
      }
    };
    return LONG_POLLS.has(action) ? run() : activity.track(run());
  };

  return {
    clock,
    activity,
    accountId,
    region,
    folder,
    credentials: createCredentials({ clock, accountId, uuid: randomUUID }),
    observers,
    uuid: randomUUID,
    random: Math.random,
    endpoint: () => parts.address() ?? `http://${HOST}`,
    publish(event) {
      observers.published(event);
      parts.publish(event);
    },
    call,
  };
}
