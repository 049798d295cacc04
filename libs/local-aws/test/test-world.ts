import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootOf } from '../src/kernel/caller.ts';
import { createActivity } from '../src/kernel/clock/activity.ts';
import { createManualClock, type ManualClock } from '../src/kernel/clock/manual-clock.ts';
import { createCredentials } from '../src/kernel/credentials.ts';
import { createObservers } from '../src/kernel/observers.ts';
import type { ActionName, Caller, JsonObject, Place, Service, ServiceEvent, World } from '../src/kernel/service.ts';

export const PLACE: Place = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
export const ROOT: Caller = rootOf(PLACE);

export interface TestWorld {
  readonly world: World;
  readonly clock: ManualClock;
  /** What was published, oldest first. */
  readonly published: ServiceEvent[];
  /** Calls of services that stand here in no other way than `answer` says. */
  readonly calls: { readonly caller: Caller; readonly action: ActionName; readonly input: JsonObject }[];
  answer(action: ActionName, act: (input: JsonObject, caller: Caller) => JsonObject | Promise<JsonObject>): void;
  /** Resolves at once, or as soon as such an event is published. */
  eventually(isIt: (event: ServiceEvent) => boolean): Promise<ServiceEvent>;
  close(): void;
}

/** Time, chance, a folder, and nobody else in it. */
export function createTestWorld(): TestWorld {
  const activity = createActivity();
  const clock = createManualClock(Date.UTC(2026, 0, 1), activity);
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-test-'));
  const published: ServiceEvent[] = [];
  const waiting = new Set<(event: ServiceEvent) => void>();
  const calls: TestWorld['calls'] = [];
  const answers = new Map<ActionName, Parameters<TestWorld['answer']>[1]>();

  const world: World = {
    ...PLACE,
    clock,
    activity,
    credentials: createCredentials({ ...PLACE, clock, uuid: randomUUID }),
    observers: createObservers(),
    retain: 1_000,
    folder,
    uuid: randomUUID,
    random: () => 0,
    endpoint: () => 'http://127.0.0.1:4577',
    publish(event) {
      published.push(event);
      for (const look of waiting) look(event);
    },
    isAllowed: () => true,
    async call(caller, action, input) {
      calls.push({ caller, action, input });
      const act = answers.get(action);
      if (act === undefined) throw new Error(`Nobody answers ${action} here`);
      return act(input, caller);
    },
  };
  return {
    world,
    clock,
    published,
    calls,
    answer: (action, act) => void answers.set(action, act),
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
  return found.prepare(input, ROOT).run();
}
