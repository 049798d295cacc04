import { legacy } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Host } from '../ec2/host.ts';
import type { Hosts } from '../ec2/hosts.ts';
import type { JsonObject, Service, World } from '../../kernel/service.ts';
import { createCommands, type Commands } from './commands.ts';
import { createDocuments } from './documents.ts';
import { createParameterStore } from './parameter-store.ts';

export interface Ssm extends Service {
  /**
   * Delivers a command to its hosts a second time, with the same ids, as SSM may: the script runs again. Unless `reports`, only the
   * first delivery's result counts; otherwise whichever comes first. Resolves when the scripts have ended.
   * @throws {AwsError} InvalidCommandId
   */
  readonly redeliver: Commands['redeliver'];
}

/** Systems Manager: documents, Run Command on local hosts, and the plainest of Parameter Store. */
export function createSsm(world: World, hosts: Hosts): Ssm {
  const documents = createDocuments(world);
  const commands = createCommands(world, hosts, documents);
  return {
    id: 'ssm',
    actions: legacy({
      ...documents.actions,
      ...commands.actions,
      ...createParameterStore(world),
      DescribeInstanceInformation: (input) => ({
        InstanceInformationList: hosts
          .list()
          .filter(({ state }) => state !== 'terminated')
          .map((host) => instanceInformation(world, host))
          .filter(informationFilter(input)),
      }),
    }),
    redeliver: commands.redeliver,
    close: () => commands.close(),
  };
}

function instanceInformation(world: World, host: Host): JsonObject {
  return {
    InstanceId: host.instanceId,
    PingStatus: host.connected ? 'Online' : 'ConnectionLost',
    LastPingDateTime: world.clock.now() / 1000,
    AgentVersion: '3.3.2746.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    ResourceType: 'EC2Instance',
    IamRole: host.roleName,
  };
}

/** Both forms of the filters, by InstanceIds and PingStatus. @throws {AwsError} InvalidInstanceInformationFilterValue */
function informationFilter({ Filters, InstanceInformationFilterList }: JsonObject): (of: JsonObject) => boolean {
  const filters = [
    ...((Filters ?? []) as { Key: string; Values: string[] }[]),
    ...((InstanceInformationFilterList ?? []) as { key: string; valueSet: string[] }[]).map((filter) => ({
      Key: filter.key,
      Values: filter.valueSet,
    })),
  ].map(({ Key, Values }) => {
    const member = { InstanceIds: 'InstanceId', PingStatus: 'PingStatus' }[Key];
    if (member !== undefined) return { member, Values };
    const message = `The filter ${Key} is not here; there are InstanceIds and PingStatus.`;
    throw new AwsError('InvalidInstanceInformationFilterValue', message);
  });
  return (of) => filters.every(({ member, Values }) => Values.includes(String(of[member])));
}
