/** The hosts, and what EC2 and SSM say of them. */
import type { Millis } from '@baton/token-lib';
import { seconds } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import { type Host, type HostPorts, simulateHost } from './host.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Fleet {
  hostOf(instanceId: string): Host | undefined;
  /** Some host that runs. */
  pick(): Host;
  /** EC2 stops or terminates a host: processes go on until the shutdown reaches them. Another one takes its place. */
  end(host: Host, how: 'stop' | 'terminate'): void;
  reboot(host: Host): void;
}

export interface FleetPorts extends HostPorts {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly stateChanged: (instanceId: string, state: string, at: Millis) => void;
}

/** From EC2's word to the end of the processes. */
const SHUTDOWN = seconds(30);

export function simulateFleet(size: number, ports: FleetPorts): Fleet {
  const { time, chance, stateChanged } = ports;
  const hosts = new Map<string, Host>();
  const add = (): void => {
    const instanceId = `i-${String(hosts.size + 1).padStart(17, '0')}`;
    hosts.set(instanceId, simulateHost(instanceId, ports));
  };
  for (let count = 0; count < size; count++) add();

  return {
    hostOf: (instanceId) => hosts.get(instanceId),
    pick: () => chance.pick([...hosts.values()].filter((host) => host.lives() && !host.isGoing())),
    end(host, how) {
      const [going, gone] = how === 'stop' ? ['stopping', 'stopped'] : ['shutting-down', 'terminated'];
      host.announceEnd();
      stateChanged(host.instanceId, going, time.now());
      time.after(chance.between(0, SHUTDOWN), () => {
        if (!host.lives()) return;
        host.goDown();
        stateChanged(host.instanceId, gone, time.now());
        add();
      });
    },
    reboot(host) {
      host.goDown();
      time.after(chance.between(seconds(20), seconds(60)), () => host.boot());
    },
  };
}
