/** The adapter over EC2, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { Hosts } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

export function hosts(options: ClientOptions): Hosts {
  const ec2 = once(async () => {
    const { EC2Client, ec2Hosts } = await import('./ec2-hosts.ts');
    return ec2Hosts(new EC2Client(options));
  });
  return { stateOf: async (instanceId) => (await ec2()).stateOf(instanceId) };
}
