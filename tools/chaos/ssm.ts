/** SSM Run Command: commands by their ids, what became of them, and who is told. */
import type { CallbackId, Command, Invocation, Millis, SendAnswer } from '@baton/token-lib';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SentCommand extends Command {
  readonly commandId: string;
  readonly sentAt: Millis;
  status: 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';
}

export interface SsmPorts {
  readonly time: VirtualTime;
  readonly chance: Chance;
  /** Whether the agent of that host is connected. */
  readonly isConnected: (instanceId: string) => boolean;
  readonly deliver: (command: SentCommand) => void;
  readonly cancel: (command: SentCommand) => void;
  /** EventBridge is told of the end of a command. */
  readonly ended: (command: SentCommand, at: Millis) => void;
}

export interface SimulatedSsm {
  send(command: Command): SendAnswer;
  find(callbackId: CallbackId): string | undefined;
  commandOf(commandId: string): SentCommand | undefined;
  invocation(commandId: string): Invocation | undefined;
  cancel(commandId: string): void;
  /** The agent says how a command has ended. */
  end(command: SentCommand, status: Exclude<SentCommand['status'], 'InProgress'>): void;
}

export function simulateSsm({ time, chance, isConnected, deliver, cancel, ended }: SsmPorts): SimulatedSsm {
  const commands = new Map<string, SentCommand>();
  const byComment = new Map<CallbackId, string>();

  const end: SimulatedSsm['end'] = (command, status) => {
    if (command.status !== 'InProgress') return;
    command.status = status;
    ended(command, time.now());
  };

  return {
    end,
    send(wanted) {
      if (!isConnected(wanted.instanceId))
        return { answer: 'refused', code: 'HostNotAvailable', why: 'its agent is not connected' };
      const commandId = `command-${commands.size + 1}`;
      const command: SentCommand = { ...wanted, commandId, sentAt: time.now(), status: 'InProgress' };
      commands.set(commandId, command);
      if (!byComment.has(wanted.callbackId)) byComment.set(wanted.callbackId, commandId);
      time.after(chance.between(50, 2_000), () => deliver(command));
      return { answer: 'sent', commandId };
    },
    find: (callbackId) => byComment.get(callbackId),
    commandOf: (commandId) => commands.get(commandId),
    invocation(commandId) {
      const command = commands.get(commandId);
      return command && { status: command.status, statusDetails: command.status, stderr: '' };
    },
    cancel(commandId) {
      const command = commands.get(commandId);
      if (command?.status === 'InProgress') cancel(command);
    },
  };
}
