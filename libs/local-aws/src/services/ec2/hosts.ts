import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import type { AgentHosts, InstanceState } from '../../kit/host.ts';
import { createHost, type Host, type LaunchOptions } from './host.ts';

/**
 * EC2 hosts that run on this machine. Every change of state is published as AWS publishes it; a reboot is none.
 * Each of the calls below with an id throws {AwsError} InvalidInstanceID.NotFound for an unknown host, and IncorrectInstanceState where
 * EC2 would.
 */
export interface Hosts extends AgentHosts {
  /** @throws {AwsError} InvalidInstanceID.Malformed, InvalidParameterValue for an id in use */
  launch(options: LaunchOptions): Promise<Host>;
  /** shutting-down, the end of all processes, terminated. */
  terminate(instanceId: string): Promise<void>;
  stop(instanceId: string): Promise<void>;
  start(instanceId: string): Promise<void>;
  /** All processes are killed and the host is back at once, with a new boot id. */
  reboot(instanceId: string): Promise<void>;
  /** Two minutes' notice, as a Spot host gets it; the host itself goes on. */
  interruptSpot(instanceId: string): Promise<void>;
  /**
   * Sudden loss: the processes are gone before anybody is told, then EC2 terminates the instance. `unnoticed`: EC2 goes on calling
   * it running, no event tells, and nobody answers there.
   */
  kill(instanceId: string, options?: { readonly unnoticed?: boolean }): Promise<void>;
  get(instanceId: string): Host | undefined;
  list(): readonly Host[];
  close(): Promise<void>;
}

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

export function createHosts(world: World): Hosts {
  const hosts = new Map<string, Host>();
  const listeners: ((host: Host) => void)[] = [];

  const enter = (host: Host, state: InstanceState): void => {
    host.state = state;
    publish(world, host, 'EC2 Instance State-change Notification', { state });
  };
  const boot = (host: Host): void => {
    host.boot();
    host.connected = true;
    for (const listener of listeners) listener(host);
  };
  const halt = (host: Host): Promise<void> => {
    host.connected = false;
    return host.killAll();
  };
  const end = async (host: Host): Promise<void> => {
    enter(host, 'terminated');
    await host.dismantle();
  };
  const find = (instanceId: string, ...states: InstanceState[]): Host => {
    const host = hosts.get(instanceId);
    if (host === undefined) {
      throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
    }
    if (!states.includes(host.state)) {
      const message = `The instance '${instanceId}' is not in a state from which it can be changed so: it is ${host.state}.`;
      throw new AwsError('IncorrectInstanceState', message);
    }
    return host;
  };

  const haltAll = (): void => {
    for (const host of hosts.values()) void halt(host);
  };

  return {
    async launch(options) {
      const instanceId = options.instanceId ?? `i-${world.uuid().replaceAll('-', '').slice(0, 17)}`;
      if (!INSTANCE_ID.test(instanceId)) {
        throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${instanceId}"`);
      }
      const namesake = hosts.get(instanceId);
      if (namesake !== undefined && namesake.state !== 'terminated') {
        throw new AwsError(
          'InvalidParameterValue',
          `There is a host ${instanceId} already, and it is ${namesake.state}.`,
        );
      }
      // Also when this process ends without closing: scripts must not outlive the host they believe in.
      if (hosts.size === 0) process.once('exit', haltAll);
      const host = await createHost(world, instanceId, options);
      hosts.set(instanceId, host);
      enter(host, 'pending');
      enter(host, 'running');
      boot(host);
      return host;
    },
    async terminate(instanceId) {
      const host = find(instanceId, 'pending', 'running', 'stopping', 'stopped', 'terminated');
      if (host.state === 'terminated') return;
      enter(host, 'shutting-down');
      await halt(host);
      await end(host);
    },
    async stop(instanceId) {
      const host = find(instanceId, 'running', 'stopped');
      if (host.state === 'stopped') return;
      enter(host, 'stopping');
      await halt(host);
      enter(host, 'stopped');
    },
    async start(instanceId) {
      const host = find(instanceId, 'stopped', 'running');
      if (host.state === 'running') return;
      enter(host, 'pending');
      enter(host, 'running');
      boot(host);
    },
    async reboot(instanceId) {
      const host = find(instanceId, 'running');
      await halt(host);
      boot(host);
    },
    async interruptSpot(instanceId) {
      const host = find(instanceId, 'running');
      // Without an account, and with a zone for a region. [documented: EC2 User Guide, "Spot Instance interruption notices"]
      const zone = `arn:${world.partition}:ec2:${world.region}a:instance/${instanceId}`;
      publish(world, host, 'EC2 Spot Instance Interruption Warning', { 'instance-action': 'terminate' }, zone);
    },
    async kill(instanceId, { unnoticed = false } = {}) {
      const host = find(instanceId, 'running');
      await halt(host);
      if (unnoticed) return;
      enter(host, 'shutting-down');
      await end(host);
    },
    get: (instanceId) => hosts.get(instanceId),
    list: () => [...hosts.values()],
    onBoot: (listener) => void listeners.push(listener),
    async close() {
      process.off('exit', haltAll);
      for (const host of hosts.values()) {
        await halt(host);
        await host.dismantle();
      }
    },
  };
}

function publish(
  world: World,
  host: Host,
  detailType: string,
  detail: Record<string, string>,
  resource = host.instanceArn,
): void {
  world.publish({
    source: 'aws.ec2',
    'detail-type': detailType,
    resources: [resource],
    detail: { 'instance-id': host.instanceId, ...detail },
  });
}
