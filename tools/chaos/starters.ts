/** What starts work, over the simulated services. */
import { type DispatchPorts, ssmStarter, type Started } from '@baton/token-lib';
import type { Ports } from './ports.ts';

const notSimulated = async (): Promise<Started> => ({
  answer: 'failed',
  code: 'TargetNotFound',
  why: 'work of this kind is not simulated',
});

export function startersOf({ sender, pause }: Ports): DispatchPorts['starters'] {
  return {
    ssm: ssmStarter({ commands: sender, pause }),
    queue: notSimulated,
    lambda: notSimulated,
    approval: notSimulated,
    webhook: notSimulated,
  };
}
