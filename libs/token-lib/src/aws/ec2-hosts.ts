import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Hosts } from '../ports.ts';
import { errorName } from '../wire/errors.ts';

export { EC2Client } from '@aws-sdk/client-ec2';

/** A managed node outside EC2 (`mi-`) is not asked after. */
const OF_EC2 = /^i-/;

export const ec2Hosts = (client: EC2Client): Hosts => ({
  async stateOf(instanceId) {
    if (!OF_EC2.test(instanceId)) return undefined;
    try {
      const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
      return Reservations[0]?.Instances?.[0]?.State?.Name;
    } catch (error) {
      // Eventually consistent at first, and forgotten about an hour after it was terminated.
      if (errorName(error) === 'InvalidInstanceID.NotFound') return undefined;
      throw error;
    }
  },
});
