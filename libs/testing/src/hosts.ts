import { createHash } from 'node:crypto';
import type { Running } from './workers.ts';

/** A host of the test. */
export interface HostHandle {
  /** The id that the work names, e.g. `i-0ba70000000000001`; for a host with another name one that is made of it. */
  readonly instanceId: string;
  /** Ends it at once: its jobs are lost, and EC2 says `terminated`. A host that is gone takes no more work. */
  kill(): Promise<void>;
}

export interface TestHost {
  readonly instanceId: string;
  alive: boolean;
  readonly jobs: Set<Running>;
}

/** The hosts that work or a test has named. */
export interface TestHosts {
  of(name: string): TestHost;
  byId(instanceId: string): TestHost | undefined;
}

const INSTANCE_ID = /^i-[0-9a-zA-Z]{1,40}$/;

/** Returns the instance id of a host of that name. */
export const instanceIdOf = (name: string): string =>
  INSTANCE_ID.test(name) ? name : `i-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`;

export function createHosts(): TestHosts {
  const hosts = new Map<string, TestHost>();
  return {
    byId: (instanceId) => hosts.get(instanceId),
    of(name) {
      const instanceId = instanceIdOf(name);
      const host = hosts.get(instanceId) ?? { instanceId, alive: true, jobs: new Set<Running>() };
      hosts.set(instanceId, host);
      return host;
    },
  };
}

/** @param isGone has Baton hear of the end of a host */
export const hostHandle = (host: TestHost, isGone: (instanceId: string) => Promise<void>): HostHandle => ({
  instanceId: host.instanceId,
  async kill() {
    host.alive = false;
    for (const job of host.jobs) job.abandon();
    await isGone(host.instanceId);
  },
});
