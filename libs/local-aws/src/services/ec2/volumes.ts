import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { list, optional, text } from '../../kit/reader.ts';
import type { Host } from './host.ts';
import type { Hosts } from './hosts.ts';
import { tagShapes } from './instance-shape.ts';
import { ROOT_DEVICE, type InstanceSettings, type SettingsByHost } from './instance-settings.ts';
import { filters } from './select-hosts.ts';

/** The disks of hosts, which are shown and hold nothing. They go with their hosts. */
export const volumeActions = (world: World, hosts: Hosts, settings: SettingsByHost): Record<string, UnboundAction> => ({
  DescribeVolumes: action(
    { VolumeIds: optional(list(text())), Filters: filters },
    {
      evidence: 'documented',
      run({ VolumeIds, Filters = [] }) {
        const ofInstances = Filters.find(({ Name }) => Name === 'attachment.instance-id')?.Values;
        const shown = hosts
          .list()
          .filter((host) => host.state !== 'terminated' && (ofInstances?.includes(host.instanceId) ?? true))
          .map((host) => ({ host, of: settings.of(host) }))
          .filter(({ of }) => VolumeIds?.includes(of.rootVolume.id) ?? true);
        return { Volumes: shown.map(({ host, of }) => volumeShape(world, host, of)) };
      },
    },
  ),
});

const volumeShape = (world: World, host: Host, { rootVolume }: InstanceSettings): JsonObject => ({
  VolumeId: rootVolume.id,
  Size: rootVolume.sizeGiB,
  VolumeType: rootVolume.type,
  Iops: 3000,
  Throughput: 125,
  Encrypted: rootVolume.encrypted,
  AvailabilityZone: `${world.region}a`,
  CreateTime: new Date(host.launchTime).toISOString(),
  State: 'in-use',
  Attachments: [
    {
      VolumeId: rootVolume.id,
      InstanceId: host.instanceId,
      Device: ROOT_DEVICE,
      State: 'attached',
      DeleteOnTermination: rootVolume.deleteOnTermination,
    },
  ],
  Tags: tagShapes(rootVolume.tags),
});
