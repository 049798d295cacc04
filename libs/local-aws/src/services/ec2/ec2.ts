import { legacy, type LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';
import type { InstanceState } from '../../kit/host.ts';
import type { Host } from './host.ts';
import { createHosts, type Hosts } from './hosts.ts';
import { matchesFilter, parseFilters } from './instance-filters.ts';

export interface Ec2 extends Service {
  readonly hosts: Hosts;
}

const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** EC2, as far as its instances are hosts of work: where they run is this machine. */
export function createEc2(world: World): Ec2 {
  const hosts = createHosts(world);
  return {
    id: 'ec2',
    hosts,
    actions: legacy({
      RunInstances: runInstances(world, hosts),
      DescribeInstances: (input) => ({
        Reservations: select(hosts, input).map((host) => reservation(world, [host])),
      }),
      DescribeInstanceStatus: (input) => ({
        InstanceStatuses: select(hosts, input)
          .filter((host) => host.state === 'running' || input['IncludeAllInstances'] === true)
          .map(instanceStatus),
      }),
      TerminateInstances: change(hosts, 'TerminatingInstances', (id) => hosts.terminate(id)),
      StopInstances: change(hosts, 'StoppingInstances', (id) => hosts.stop(id)),
      StartInstances: change(hosts, 'StartingInstances', (id) => hosts.start(id)),
      RebootInstances: async (input) => {
        for (const host of named(hosts, input)) await hosts.reboot(host.instanceId);
        return {};
      },
    }),
    close: () => hosts.close(),
  };
}

function runInstances(world: World, hosts: Hosts): Action {
  return async (input) => {
    const least = input['MinCount'];
    const most = input['MaxCount'];
    if (typeof least !== 'number' || typeof most !== 'number') {
      throw new AwsError('MissingParameter', 'The request must contain the parameters MinCount and MaxCount');
    }
    if (least < 1 || least > most) {
      throw new AwsError('InvalidParameterValue', `Value (${least}) for parameter minCount is invalid.`);
    }
    const options = {
      roleName: profileName(input['IamInstanceProfile']),
      tags: instanceTags(input['TagSpecifications']),
    };
    const launched: Host[] = [];
    for (let count = 0; count < most; count += 1) launched.push(await hosts.launch(options));
    return reservation(world, launched);
  };
}

/** An instance profile is called like its role here. */
function profileName(profile: unknown): string {
  const { Name, Arn } = (profile ?? {}) as { Name?: string; Arn?: string };
  const name = Name ?? Arn?.split('/').pop();
  if (name !== undefined) return name;
  throw new AwsError('InvalidParameterValue', 'Name the role of the host in IamInstanceProfile: its agent needs one.');
}

function instanceTags(specifications: unknown): Record<string, string> {
  const all = (specifications ?? []) as { ResourceType?: string; Tags?: { Key: string; Value: string }[] }[];
  const tags = all.filter((of) => of.ResourceType === 'instance').flatMap((of) => of.Tags ?? []);
  return Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));
}

/** @throws {AwsError} InvalidInstanceID.NotFound, InvalidParameterValue for a filter that is not here */
function select(hosts: Hosts, input: JsonObject): Host[] {
  const ids = (input['InstanceIds'] ?? []) as string[];
  const unknown = ids.filter((id) => hosts.get(id) === undefined);
  if (unknown.length > 0) {
    const [what, verb] = unknown.length > 1 ? ['instance IDs', 'do'] : ['instance ID', 'does'];
    throw new AwsError('InvalidInstanceID.NotFound', `The ${what} '${unknown.join(', ')}' ${verb} not exist`);
  }
  const filters = parseFilters(input['Filters']);
  return hosts
    .list()
    .filter((host) => ids.length === 0 || ids.includes(host.instanceId))
    .filter((host) => filters.every((filter) => matchesFilter(host, filter)));
}

/** The same for an action that changes them: it names every instance. @throws {AwsError} MissingParameter */
function named(hosts: Hosts, input: JsonObject): Host[] {
  if (Array.isArray(input['InstanceIds']) && input['InstanceIds'].length > 0) return select(hosts, input);
  throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
}

function change(hosts: Hosts, member: string, apply: (instanceId: string) => Promise<void>): Action {
  return async (input) => {
    const changes = [];
    for (const host of named(hosts, input)) {
      const before = stateOf(host);
      await apply(host.instanceId);
      changes.push({ InstanceId: host.instanceId, PreviousState: before, CurrentState: stateOf(host) });
    }
    return { [member]: changes };
  };
}

const stateOf = (host: Host): JsonObject => ({ Code: STATE_CODES[host.state], Name: host.state });

function reservation(world: World, hosts: readonly Host[]): JsonObject {
  return {
    ReservationId: `r-${hosts[0]?.instanceId.slice(2) ?? ''}`,
    OwnerId: world.accountId,
    Groups: [],
    Instances: hosts.map((host) => ({
      InstanceId: host.instanceId,
      InstanceType: 'local',
      State: stateOf(host),
      LaunchTime: new Date(host.launchTime).toISOString(),
      Placement: { AvailabilityZone: `${world.region}a`, Tenancy: 'default' },
      IamInstanceProfile: { Arn: `arn:aws:iam::${world.accountId}:instance-profile/${host.roleName}` },
      Tags: Object.entries(host.tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

function instanceStatus(host: Host): JsonObject {
  const health = { Status: host.state === 'running' ? 'ok' : 'not-applicable' };
  return { InstanceId: host.instanceId, InstanceState: stateOf(host), InstanceStatus: health, SystemStatus: health };
}
