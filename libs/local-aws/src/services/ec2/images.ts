import type { World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { list, text, withDefault } from '../../kit/reader.ts';
import { ROOT_DEVICE } from './instance-settings.ts';

/** Whatever image is asked for is there: a host runs what this machine has. Without ids none is listed. */
export const imageActions = (world: World): Record<string, UnboundAction> => ({
  DescribeImages: action(
    { ImageIds: withDefault(list(text()), []) },
    {
      evidence: 'guessed',
      run: ({ ImageIds }) => ({
        Images: ImageIds.map((ImageId) => ({
          ImageId,
          Name: 'this machine',
          OwnerId: world.accountId,
          State: 'available',
          Architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
          RootDeviceName: ROOT_DEVICE,
          RootDeviceType: 'ebs',
          VirtualizationType: 'hvm',
          BlockDeviceMappings: [
            {
              DeviceName: ROOT_DEVICE,
              Ebs: { VolumeSize: 8, VolumeType: 'gp3', DeleteOnTermination: true, Encrypted: false },
            },
          ],
        })),
      }),
    },
  ),
});
