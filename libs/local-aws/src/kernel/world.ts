import { randomUUID } from 'node:crypto';
import type { Activity } from './clock/activity.ts';
import type { Clock } from './clock/clock.ts';
import { createCall, type Services, type Steps } from './call.ts';
import { partitionOf } from './caller.ts';
import { createCredentials } from './credentials.ts';
import type { Observers } from './observers.ts';
import type { ServiceEvent, World } from './service.ts';
import type { Unkindness } from './unkindness.ts';

export interface WorldParts {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly observers: Observers;
  readonly steps: Steps;
  readonly accountId: string;
  readonly region: string;
  readonly retain: number;
  readonly folder: string;
  readonly unkindness?: Unkindness | undefined;
  readonly isAllowed: World['isAllowed'];
  readonly services: () => Services;
  readonly publish: (event: ServiceEvent) => void;
  /** The base address. */
  readonly endpoint: () => string;
}

export function createWorld(parts: WorldParts): World {
  const { clock, observers, accountId, region, retain, folder, activity, endpoint, unkindness } = parts;
  const partition = partitionOf(region);
  return {
    clock,
    activity,
    partition,
    accountId,
    region,
    retain,
    folder,
    unkindness,
    credentials: createCredentials({ clock, accountId, partition, uuid: randomUUID }),
    observers,
    uuid: randomUUID,
    random: Math.random,
    endpoint,
    publish(event) {
      observers.published(event);
      parts.publish(event);
    },
    isAllowed: parts.isAllowed,
    call: createCall(parts),
  };
}
