import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld, type TestWorld } from '../../../test/test-world.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createEc2, type Ec2 } from './ec2.ts';

let world: TestWorld;
let ec2: Ec2;
beforeEach(() => {
  world = createTestWorld();
  const role = { name: 'worker', arn: 'arn:aws:iam::123456789012:role/team/worker' };
  ec2 = createEc2(world.world, (profile) => (profile === 'hosts' ? role : undefined));
});
afterEach(async () => {
  await ec2.close?.();
  world.close();
});

async function run(more: JsonObject = {}): Promise<JsonObject> {
  const launched = await act(ec2, 'RunInstances', {
    ImageId: 'ami-12c6146b',
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    IamInstanceProfile: { Name: 'hosts' },
    ...more,
  });
  return (launched['Instances'] as JsonObject[])[0] ?? {};
}
const idOf = (instance: JsonObject): string => String(instance['InstanceId']);

test('an instance is shown as it was launched, with the role of its profile', async () => {
  const instance = await run({
    MetadataOptions: { HttpTokens: 'required' },
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, Encrypted: true } }],
    TagSpecifications: [
      { ResourceType: 'instance', Tags: [{ Key: 'baton', Value: 'baton' }] },
      { ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'host' }] },
    ],
  });
  expect(instance).toMatchObject({
    ImageId: 'ami-12c6146b',
    InstanceType: 't3.micro',
    IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/hosts' },
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    Tags: [{ Key: 'baton', Value: 'baton' }],
  });
  expect(ec2.hosts.get(idOf(instance))).toMatchObject({ roleName: 'worker' });
  const filters = { Filters: [{ Name: 'attachment.instance-id', Values: [idOf(instance)] }] };
  expect(await act(ec2, 'DescribeVolumes', filters)).toMatchObject({
    Volumes: [
      { Size: 20, Encrypted: true, Attachments: [{ Device: '/dev/xvda' }], Tags: [{ Key: 'of', Value: 'host' }] },
    ],
  });
});

test('a profile that is not there is refused', async () => {
  const refusal = await refusalOf(run({ IamInstanceProfile: { Name: 'nobody' } }));
  expect(refusal).toContain('InvalidParameterValue: Value (nobody) for parameter iamInstanceProfile.name is invalid.');
});

test('a protected instance is stopped and terminated once its protection is taken away', async () => {
  const InstanceId = idOf(await run({ DisableApiTermination: true, DisableApiStop: true }));
  const attribute = await act(ec2, 'DescribeInstanceAttribute', { InstanceId, Attribute: 'disableApiStop' });
  expect(attribute).toEqual({ InstanceId, DisableApiStop: { Value: true } });
  for (const action of ['StopInstances', 'TerminateInstances']) {
    expect(await refusalOf(act(ec2, action, { InstanceIds: [InstanceId] }))).toContain('OperationNotPermitted');
  }
  const none = { Value: false };
  await act(ec2, 'ModifyInstanceAttribute', { InstanceId, DisableApiTermination: none, DisableApiStop: none });
  await act(ec2, 'StopInstances', { InstanceIds: [InstanceId] });
  await act(ec2, 'TerminateInstances', { InstanceIds: [InstanceId] });
  expect(await act(ec2, 'DescribeVolumes')).toEqual({ Volumes: [] });
});

test('tags come and go', async () => {
  const id = idOf(await run());
  await act(ec2, 'CreateTags', {
    ResourceIds: [id],
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await act(ec2, 'DeleteTags', { ResourceIds: [id], Tags: [{ Key: 'a' }, { Key: 'b', Value: 'another' }] });
  const shown = { Key: 'b', Value: '2', ResourceId: id, ResourceType: 'instance' };
  expect(await act(ec2, 'DescribeTags', { Filters: [{ Name: 'resource-id', Values: [id] }] })).toEqual({
    Tags: [shown],
  });
  expect(ec2.hosts.get(id)?.tags).toEqual({ b: '2' });
});

test('a type that begins with t earns credits', async () => {
  const InstanceIds = [idOf(await run()), idOf(await run({ InstanceType: 'm5.large' }))];
  expect(await act(ec2, 'DescribeInstanceCreditSpecifications', { InstanceIds })).toEqual({
    InstanceCreditSpecifications: [{ InstanceId: InstanceIds[0], CpuCredits: 'unlimited' }],
  });
  expect(await act(ec2, 'DescribeInstanceTypes', { InstanceTypes: ['t3.micro'] })).toMatchObject({
    InstanceTypes: [{ InstanceType: 't3.micro', BurstablePerformanceSupported: true }],
  });
  expect(await act(ec2, 'DescribeImages', { ImageIds: ['ami-1'] })).toMatchObject({
    Images: [{ ImageId: 'ami-1', RootDeviceName: '/dev/xvda' }],
  });
});
