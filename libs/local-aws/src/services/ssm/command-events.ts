import type { World } from '../../kernel/service.ts';
import { statusOfCommand, type Command, type Invocation } from './command.ts';

const isoTime = (millis: number): string => new Date(millis).toISOString();

/** As Systems Manager puts it on the default bus: the parameters are in it, for everybody to read. */
export function publishCommandStatus(world: World, command: Command): void {
  world.publish({
    source: 'aws.ssm',
    'detail-type': 'EC2 Command Status-change Notification',
    resources: command.invocations.map(({ host }) => host.instanceArn),
    detail: {
      'command-id': command.commandId,
      'document-name': command.documentName,
      'expire-after': isoTime(command.expiresAt),
      parameters: command.parameters,
      'requested-date-time': isoTime(command.requestedAt),
      status: statusOfCommand(command).status,
    },
  });
}

/** No output, no exit code, no parameters and no comment: whoever wants them looks the command up. */
export function publishInvocationStatus(world: World, command: Command, { host, current }: Invocation): void {
  world.publish({
    source: 'aws.ssm',
    'detail-type': 'EC2 Command Invocation Status-change Notification',
    resources: [host.instanceArn],
    detail: {
      'command-id': command.commandId,
      'document-name': command.documentName,
      'instance-id': host.instanceId,
      'requested-date-time': isoTime(command.requestedAt),
      status: current.status,
    },
  });
}
