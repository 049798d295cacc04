import type { Command, CommandObserver, CommandSender, Invocation, SendAnswer } from '../ports.ts';

export interface SentCommand extends Command {
  readonly commandId: string;
}

/** A fault of the next send: an answer without sending, or the loss of the answer after sending. */
export type SendFault = Exclude<SendAnswer, { answer: 'sent' }> | 'answer lost';

export interface FakeCommands {
  readonly sender: CommandSender;
  readonly observer: CommandObserver;
  readonly faults: SendFault[];
  readonly sent: readonly SentCommand[];
  readonly cancelled: readonly string[];
  /** By command id; a command that is not in it is in progress. */
  readonly invocations: Map<string, Invocation>;
}

/** SSM Run Command in memory. */
export function fakeCommands(): FakeCommands {
  const sent: SentCommand[] = [];
  const cancelled: string[] = [];
  const faults: SendFault[] = [];
  const invocations = new Map<string, Invocation>();
  return {
    sent,
    cancelled,
    faults,
    invocations,
    sender: {
      async send(command) {
        const fault = faults.shift();
        if (typeof fault === 'object') return fault;
        const commandId = `command-${sent.length + 1}`;
        sent.push({ ...command, commandId });
        return fault === 'answer lost' ? { answer: 'unknown', why: 'TimeoutError' } : { answer: 'sent', commandId };
      },
      async find(callbackId) {
        return sent.find((command) => command.callbackId === callbackId)?.commandId;
      },
    },
    observer: {
      async callbackIdOf(commandId) {
        return sent.find((command) => command.commandId === commandId)?.callbackId;
      },
      async invocation(commandId) {
        if (!sent.some((command) => command.commandId === commandId)) return undefined;
        return invocations.get(commandId) ?? { status: 'InProgress', statusDetails: 'InProgress', stderr: '' };
      },
      async cancel(commandId) {
        cancelled.push(commandId);
      },
    },
  };
}
