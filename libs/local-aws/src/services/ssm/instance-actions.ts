import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import type { AgentHost, AgentHosts } from '../../kit/host.ts';
import { list, required, structure, text, withDefault } from '../../kit/reader.ts';

const values = required(list(text(), { max: 100 }));

/** What an agent tells of its host. Both forms of the filters are read. */
export const instanceActions = (world: World, hosts: AgentHosts): Record<string, UnboundAction> => ({
  DescribeInstanceInformation: action(
    {
      Filters: withDefault(list(structure({ Key: required(text()), Values: values })), []),
      InstanceInformationFilterList: withDefault(list(structure({ key: required(text()), valueSet: values })), []),
    },
    {
      evidence: 'documented',
      run({ Filters, InstanceInformationFilterList }) {
        const older = InstanceInformationFilterList.map(({ key, valueSet }) => ({ Key: key, Values: valueSet }));
        const filters = [...Filters, ...older].map(({ Key, Values }) => ({ valueOf: valueFor(Key), Values }));
        const shown = hosts
          .list()
          .filter(({ state }) => state !== 'terminated')
          .filter((host) => filters.every(({ valueOf, Values }) => Values.includes(valueOf(host))));
        return { InstanceInformationList: shown.map((host) => informationShape(world, host)) };
      },
    },
  ),
});

const pingStatus = ({ connected }: AgentHost): string => (connected ? 'Online' : 'ConnectionLost');

/** @throws {AwsError} InvalidInstanceInformationFilterValue */
function valueFor(key: string): (host: AgentHost) => string {
  if (key === 'InstanceIds') return ({ instanceId }) => instanceId;
  if (key === 'PingStatus') return pingStatus;
  const message = `The filter ${key} is not supported here; there are InstanceIds and PingStatus.`;
  throw new AwsError('InvalidInstanceInformationFilterValue', message);
}

const informationShape = (world: World, host: AgentHost): JsonObject => ({
  InstanceId: host.instanceId,
  PingStatus: pingStatus(host),
  LastPingDateTime: world.clock.now() / 1000,
  AgentVersion: '3.3.2746.0',
  IsLatestVersion: true,
  PlatformType: 'Linux',
  ResourceType: 'EC2Instance',
  IamRole: host.roleName,
});
