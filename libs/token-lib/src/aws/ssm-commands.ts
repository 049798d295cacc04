import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  ListCommandsCommand,
  paginateListCommands,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { CallbackId } from '../wire/callback-id.ts';
import { seconds } from '../wire/millis.ts';
import type { CommandObserver, CommandSender } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import { classifySendCommandError } from './send-command-errors.ts';

export { SSMClient } from '@aws-sdk/client-ssm';

/** The agent silently replaces a smaller executionTimeout by 3,600. */
const MIN_EXECUTION_TIMEOUT = 5;
/** SSM's least time for the delivery of a command (documented: SendCommand, TimeoutSeconds). */
const MIN_DELIVERY_TIMEOUT = 30;
/** ListCommands' limit (documented: MaxResults). */
const COMMANDS_A_PAGE = 50;
const MAX_PAGES = 10;
/** SSM counts in seconds, and its clock is not ours. */
const SKEW = seconds(60);

export interface SsmClients {
  /** Makes one attempt a call: SendCommand has no client token, and a second one starts the job twice (L5). */
  readonly single: SSMClient;
  /** For what may be repeated. */
  readonly repeating: SSMClient;
}

export function ssmCommandSender({ single, repeating }: SsmClients, documentName: string): CommandSender {
  return {
    async send({ callbackId, instanceId, timeoutSeconds }) {
      try {
        const { Command } = await single.send(
          new SendCommandCommand({
            DocumentName: documentName,
            InstanceIds: [instanceId],
            Parameters: {
              callbackId: [callbackId],
              executionTimeout: [String(Math.max(MIN_EXECUTION_TIMEOUT, timeoutSeconds))],
            },
            Comment: callbackId,
            // What is not delivered before the task times out need not be delivered.
            TimeoutSeconds: Math.max(MIN_DELIVERY_TIMEOUT, timeoutSeconds),
          }),
        );
        if (Command?.CommandId === undefined) return { answer: 'unknown', why: 'SSM answered without a command id' };
        return { answer: 'sent', commandId: Command.CommandId };
      } catch (error) {
        return classifySendCommandError(error);
      }
    },
    async find(callbackId, since) {
      const Filters = [
        { key: 'DocumentName' as const, value: documentName },
        { key: 'InvokedAfter' as const, value: new Date(since - SKEW).toISOString().replace(/\.\d+Z$/, 'Z') },
      ];
      let pages = 0;
      for await (const { Commands = [], NextToken } of paginateListCommands(
        { client: repeating, pageSize: COMMANDS_A_PAGE },
        { Filters },
      )) {
        const found = Commands.find(({ Comment }) => Comment === callbackId);
        if (found?.CommandId !== undefined) return found.CommandId;
        pages += 1;
        if (NextToken && pages === MAX_PAGES)
          throw new Error('too many commands since then to find one by its comment');
      }
      return undefined;
    },
  };
}

export function ssmCommandObserver(client: SSMClient): CommandObserver {
  return {
    async callbackIdOf(commandId) {
      const { Commands } = await client.send(new ListCommandsCommand({ CommandId: commandId }));
      const comment = CallbackId.safeParse(Commands?.[0]?.Comment);
      return comment.success ? comment.data : undefined;
    },
    async invocation(commandId, instanceId) {
      try {
        const invocation = { CommandId: commandId, InstanceId: instanceId };
        const {
          Status = '',
          StatusDetails = '',
          StandardErrorContent = '',
        } = await client.send(new GetCommandInvocationCommand(invocation));
        return { status: Status, statusDetails: StatusDetails, stderr: StandardErrorContent };
      } catch (error) {
        // Eventually consistent at first, and forgotten after 30 days.
        if (errorName(error) === 'InvocationDoesNotExist') return undefined;
        throw error;
      }
    },
    async cancel(commandId) {
      await client.send(new CancelCommandCommand({ CommandId: commandId }));
    },
  };
}
