import type { World } from '../../kernel/service.ts';
import { statusOfCommand, type Command, type Invocation } from './command.ts';

const isoTime = (millis: number): string => new Date(millis).toISOString();

/** Publishes a command's status as Systems Manager does: the parameters are in it, for everybody to read. [documented: its event examples] */
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

/** The event has no output, exit code, parameters or comment: whoever wants them looks the command up. [documented: its event examples] */
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
