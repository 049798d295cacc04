import type { Hosts } from '../ports.ts';

export interface FakeHosts {
  readonly hosts: Hosts;
  /** By instance id; a host that is not in it is running. */
  readonly states: Map<string, string>;
}

/** EC2 in memory. */
export function fakeHosts(): FakeHosts {
  const states = new Map<string, string>();
  return { states, hosts: { stateOf: async (instanceId) => states.get(instanceId) ?? 'running' } };
}
