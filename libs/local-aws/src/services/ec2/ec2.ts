import { AwsError } from '../../kernel/aws-error.ts';
import type { Service, World } from '../../kernel/service.ts';
import { action, actionsIn, type UnboundAction } from '../../kit/action.ts';
import { ec2 } from '../../kit/dialects.ts';
import { flag, withDefault } from '../../kit/reader.ts';
import type { Host } from './host.ts';
import { createHosts, type Hosts } from './hosts.ts';
import { imageActions } from './images.ts';
import { instanceAttributeActions } from './instance-attributes.ts';
import { SettingsByHost } from './instance-settings.ts';
import { instanceStatus, reservation, stateOf } from './instance-shape.ts';
import { runInstances, type RoleOfProfile } from './run-instances.ts';
import { filters, instanceArns, instanceIds, namedInstances, selectHosts } from './select-hosts.ts';
import { tagActions } from './tag-actions.ts';
import { volumeActions } from './volumes.ts';

export interface Ec2 extends Service {
  readonly hosts: Hosts;
}

/** EC2, as far as its instances are hosts of work: where they run is this machine. */
export function createEc2(world: World, roleOfProfile: RoleOfProfile): Ec2 {
  const hosts = createHosts(world);
  const settings = new SettingsByHost(world);
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
      RunInstances: runInstances({ world, hosts, settings, roleOfProfile }),
      ...instanceAttributeActions(hosts, settings),
      ...imageActions(world),
      ...volumeActions(world, hosts, settings),
      ...tagActions(hosts),

      DescribeInstances: action(
        { InstanceIds: instanceIds, Filters: filters },
        {
          evidence,
          run: (request) => ({
            Reservations: selectHosts(hosts, request).map((host) => reservation(world, settings, [host])),
          }),
        },
      ),

      DescribeInstanceStatus: action(
        { InstanceIds: instanceIds, Filters: filters, IncludeAllInstances: withDefault(flag, false) },
        {
          evidence,
          run: ({ IncludeAllInstances, ...request }) => ({
            InstanceStatuses: selectHosts(hosts, request)
              .filter((host) => host.state === 'running' || IncludeAllInstances)
              .map(instanceStatus),
          }),
        },
      ),

      ...lifeActions(hosts, settings),

      RebootInstances: action(
        { InstanceIds: namedInstances },
        {
          resources: ({ InstanceIds }, caller) => instanceArns(caller, InstanceIds),
          evidence,
          async run(request) {
            for (const host of selectHosts(hosts, request)) await hosts.reboot(host.instanceId);
            return {};
          },
        },
      ),
    }),
    close: () => hosts.close(),
  };
}

const lifeActions = (hosts: Hosts, settings: SettingsByHost): Record<string, UnboundAction> => ({
  TerminateInstances: change(
    hosts,
    'TerminatingInstances',
    (id) => hosts.terminate(id),
    (host) => {
      if (settings.of(host).disableApiTermination) throw protectedFrom(host, 'terminated', 'disableApiTermination');
    },
  ),
  StopInstances: change(
    hosts,
    'StoppingInstances',
    (id) => hosts.stop(id),
    (host) => {
      if (settings.of(host).disableApiStop) throw protectedFrom(host, 'stopped', 'disableApiStop');
    },
  ),
  StartInstances: change(hosts, 'StartingInstances', (id) => hosts.start(id)),
});

const protectedFrom = ({ instanceId }: Host, what: string, attribute: string): AwsError =>
  new AwsError(
    'OperationNotPermitted',
    `The instance '${instanceId}' may not be ${what}. Modify its '${attribute}' instance attribute and try again.`,
  );

/** All of the instances are checked before one is changed. */
const change = (
  hosts: Hosts,
  member: string,
  apply: (instanceId: string) => Promise<void>,
  check: (host: Host) => void = () => undefined,
): UnboundAction =>
  action(
    { InstanceIds: namedInstances },
    {
      resources: ({ InstanceIds }, caller) => instanceArns(caller, InstanceIds),
      evidence: 'documented',
      async run(request) {
        const changes = [];
        const chosen = selectHosts(hosts, request);
        chosen.forEach(check);
        for (const host of chosen) {
          const before = stateOf(host);
          await apply(host.instanceId);
          changes.push({ InstanceId: host.instanceId, PreviousState: before, CurrentState: stateOf(host) });
        }
        return { [member]: changes };
      },
    },
  );
