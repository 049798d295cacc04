import type { JsonObject, World } from '../../kernel/service.ts';
import type { InstanceState } from '../../kit/host.ts';
import { arnOf } from '../../kit/arn.ts';
import type { Host } from './host.ts';
import { ROOT_DEVICE, type InstanceSettings, type SettingsByHost } from './instance-settings.ts';

const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateOf = (host: Host): JsonObject => ({ Code: STATE_CODES[host.state], Name: host.state });

export const tagShapes = (tags: Readonly<Record<string, string>>): JsonObject[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** One launch, or a part of it, as DescribeInstances shows it. */
export const reservation = (world: World, settings: SettingsByHost, hosts: readonly Host[]): JsonObject => ({
  ReservationId: `r-${hosts[0]?.instanceId.slice(2) ?? ''}`,
  OwnerId: world.accountId,
  Groups: [],
  Instances: hosts.map((host) => instanceShape(world, host, settings.of(host))),
});

/** Without a network of its own: what is about subnets and addresses is left out. */
const instanceShape = (world: World, host: Host, settings: InstanceSettings): JsonObject => ({
  InstanceId: host.instanceId,
  ImageId: settings.imageId,
  InstanceType: settings.instanceType,
  State: stateOf(host),
  LaunchTime: new Date(host.launchTime).toISOString(),
  Placement: { AvailabilityZone: `${world.region}a`, Tenancy: 'default' },
  Monitoring: { State: settings.monitoring ? 'enabled' : 'disabled' },
  Architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  EbsOptimized: settings.ebsOptimized,
  RootDeviceName: ROOT_DEVICE,
  RootDeviceType: 'ebs',
  VirtualizationType: 'hvm',
  MetadataOptions: settings.metadataOptions,
  BlockDeviceMappings: host.state === 'terminated' ? [] : [rootDevice(host, settings)],
  IamInstanceProfile: {
    Arn: arnOf(world, 'iam', `instance-profile/${host.instanceProfileName}`),
  },
  Tags: tagShapes(host.tags),
});

const rootDevice = (host: Host, { rootVolume }: InstanceSettings): JsonObject => ({
  DeviceName: ROOT_DEVICE,
  Ebs: {
    VolumeId: rootVolume.id,
    Status: 'attached',
    AttachTime: new Date(host.launchTime).toISOString(),
    DeleteOnTermination: rootVolume.deleteOnTermination,
  },
});

export function instanceStatus(host: Host): JsonObject {
  const health = { Status: host.state === 'running' ? 'ok' : 'not-applicable' };
  return { InstanceId: host.instanceId, InstanceState: stateOf(host), InstanceStatus: health, SystemStatus: health };
}
