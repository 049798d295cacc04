import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, Place, Service, World } from '../../kernel/service.ts';
import { action, actionsIn, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { ec2 } from '../../kit/dialects.ts';
import { flag, integer, list, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import type { InstanceState } from '../../kit/host.ts';
import type { Host } from './host.ts';
import { createHosts, type Hosts } from './hosts.ts';
import { matchesFilter, parseFilters, type GivenFilter } from './instance-filters.ts';

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

const instanceId = text({ min: 1 });
const instanceIds = optional(list(instanceId));
/** What changes instances names each of them. */
const namedInstances = required(list(instanceId, { min: 1 }));
const filters = optional(list(structure({ Name: required(text()), Values: withDefault(list(text()), []) })));
const tags = withDefault(list(structure({ Key: required(text()), Value: withDefault(text(), '') })), []);

/** EC2, as far as its instances are hosts of work: where they run is this machine. */
export function createEc2(world: World): Ec2 {
  const hosts = createHosts(world);
  const evidence = 'documented';
  return {
    id: 'ec2',
    resourceFacts: {
      tagsOf(arn) {
        const host = hosts.get(arn.slice(arn.lastIndexOf('/') + 1));
        return host && new Map(Object.entries(host.tags));
      },
    },
    hosts,
    actions: actionsIn(ec2, {
      RunInstances: runInstances(world, hosts),

      DescribeInstances: action(
        { InstanceIds: instanceIds, Filters: filters },
        {
          evidence,
          run: (request) => ({ Reservations: select(hosts, request).map((host) => reservation(world, [host])) }),
        },
      ),

      DescribeInstanceStatus: action(
        { InstanceIds: instanceIds, Filters: filters, IncludeAllInstances: withDefault(flag, false) },
        {
          evidence,
          run: ({ IncludeAllInstances, ...request }) => ({
            InstanceStatuses: select(hosts, request)
              .filter((host) => host.state === 'running' || IncludeAllInstances)
              .map(instanceStatus),
          }),
        },
      ),

      TerminateInstances: change(hosts, 'TerminatingInstances', (id) => hosts.terminate(id)),
      StopInstances: change(hosts, 'StoppingInstances', (id) => hosts.stop(id)),
      StartInstances: change(hosts, 'StartingInstances', (id) => hosts.start(id)),

      RebootInstances: action(
        { InstanceIds: namedInstances },
        {
          resources: ({ InstanceIds }, caller) => instanceArns(caller, InstanceIds),
          evidence,
          async run(request) {
            for (const host of select(hosts, request)) await hosts.reboot(host.instanceId);
            return {};
          },
        },
      ),
    }),
    close: () => hosts.close(),
  };
}

const instanceArns = (place: Place, ids: readonly string[]): string[] =>
  ids.map((id) => arnOf(place, 'ec2', `instance/${id}`));

const runInstances = (world: World, hosts: Hosts): UnboundAction =>
  action(
    {
      MinCount: required(integer({ min: 1 })),
      MaxCount: required(integer({ min: 1 })),
      IamInstanceProfile: optional(structure({ Name: optional(text()), Arn: optional(text()) })),
      TagSpecifications: withDefault(list(structure({ ResourceType: optional(text()), Tags: tags })), []),
    },
    {
      resources: (_request, caller) => [arnOf(caller, 'ec2', 'instance/*')],
      evidence: 'documented',
      async run({ MinCount, MaxCount, IamInstanceProfile, TagSpecifications }) {
        if (MinCount > MaxCount) {
          throw new AwsError('InvalidParameterValue', `Value (${MinCount}) for parameter minCount is invalid.`);
        }
        // An instance profile has the name of its role here.
        const roleName = IamInstanceProfile?.Name ?? IamInstanceProfile?.Arn?.split('/').pop();
        if (roleName === undefined) {
          const message = 'Name the role of the host in IamInstanceProfile: its agent needs one.';
          throw new AwsError('InvalidParameterValue', message);
        }
        const given = TagSpecifications.filter((of) => of.ResourceType === 'instance').flatMap((of) => of.Tags);
        const tags = Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]));
        const launched: Host[] = [];
        for (let count = 0; count < MaxCount; count += 1) launched.push(await hosts.launch({ roleName, tags }));
        return reservation(world, launched);
      },
    },
  );

interface Selection {
  readonly InstanceIds: readonly string[] | undefined;
  readonly Filters?: readonly GivenFilter[] | undefined;
}

/** @throws {AwsError} InvalidInstanceID.NotFound, InvalidParameterValue for a filter that is not here */
function select(hosts: Hosts, { InstanceIds: ids = [], Filters = [] }: Selection): Host[] {
  const unknown = ids.filter((id) => hosts.get(id) === undefined);
  if (unknown.length > 0) {
    const [what, verb] = unknown.length > 1 ? ['instance IDs', 'do'] : ['instance ID', 'does'];
    throw new AwsError('InvalidInstanceID.NotFound', `The ${what} '${unknown.join(', ')}' ${verb} not exist`);
  }
  const filters = parseFilters(Filters);
  return hosts
    .list()
    .filter((host) => ids.length === 0 || ids.includes(host.instanceId))
    .filter((host) => filters.every((filter) => matchesFilter(host, filter)));
}

const change = (hosts: Hosts, member: string, apply: (instanceId: string) => Promise<void>): UnboundAction =>
  action(
    { InstanceIds: namedInstances },
    {
      resources: ({ InstanceIds }, caller) => instanceArns(caller, InstanceIds),
      evidence: 'documented',
      async run(request) {
        const changes = [];
        for (const host of select(hosts, request)) {
          const before = stateOf(host);
          await apply(host.instanceId);
          changes.push({ InstanceId: host.instanceId, PreviousState: before, CurrentState: stateOf(host) });
        }
        return { [member]: changes };
      },
    },
  );

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
      IamInstanceProfile: { Arn: arnOf(world, 'iam', `instance-profile/${host.roleName}`) },
      Tags: Object.entries(host.tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

function instanceStatus(host: Host): JsonObject {
  const health = { Status: host.state === 'running' ? 'ok' : 'not-applicable' };
  return { InstanceId: host.instanceId, InstanceState: stateOf(host), InstanceStatus: health, SystemStatus: health };
}
