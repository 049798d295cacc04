import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivity } from '../src/clock/activity.ts';
import { createManualClock, type ManualClock } from '../src/clock/manual-clock.ts';
import { createCredentials } from '../src/credentials/credentials.ts';
import { createObservers } from '../src/observers.ts';
import type { Action, JsonObject, Service, ServiceEvent, ServiceId, World } from '../src/service.ts';

export interface TestWorld {
  readonly world: World;
  readonly clock: ManualClock;
  /** What was published, oldest first. */
  readonly published: ServiceEvent[];
  /** Calls of services that stand here in no other way than `answer` says. */
  readonly calls: { readonly service: ServiceId; readonly action: string; readonly input: JsonObject }[];
  answer(service: ServiceId, action: string, act: Action): void;
  /** Resolves at once, or as soon as such an event is published. */
  eventually(isIt: (event: ServiceEvent) => boolean): Promise<ServiceEvent>;
  close(): void;
}

/** Time, chance, a folder, and nobody else in it. */
export function createTestWorld(): TestWorld {
  const activity = createActivity();
  const clock = createManualClock(Date.UTC(2026, 0, 1), activity);
  const accountId = '123456789012';
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-test-'));
  const published: ServiceEvent[] = [];
  const waiting = new Set<(event: ServiceEvent) => void>();
  const calls: TestWorld['calls'] = [];
  const answers = new Map<string, Action>();
  const root = { accountId, region: 'us-east-1', principalArn: `arn:aws:iam::${accountId}:root` };

  const world: World = {
    clock,
    activity,
    accountId,
    region: root.region,
    credentials: createCredentials({ clock, accountId, uuid: randomUUID }),
    observers: createObservers(),
    folder,
    uuid: randomUUID,
    random: () => 0,
    endpoint: () => 'http://127.0.0.1:4577',
    publish(event) {
      published.push(event);
      for (const look of waiting) look(event);
    },
    async call(service, action, input) {
      calls.push({ service, action, input });
      const act = answers.get(`${service}.${action}`);
      if (act === undefined) throw new Error(`Nobody answers ${service}.${action} here`);
      return act(input, root);
    },
  };
  return {
    world,
    clock,
    published,
    calls,
    answer: (service, action, act) => void answers.set(`${service}.${action}`, act),
    eventually(isIt) {
      const past = published.find(isIt);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve) => {
        const look = (event: ServiceEvent): void => {
          if (!isIt(event)) return;
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
      });
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Calls a service's action as a client in this process would. */
export async function act(service: Service, action: string, input: JsonObject = {}): Promise<JsonObject> {
  const found = service.actions[action];
  if (found === undefined) throw new Error(`${service.id} has no action ${action}`);
  return found(input, {
    accountId: '123456789012',
    region: 'us-east-1',
    principalArn: 'arn:aws:iam::123456789012:root',
  });
}
