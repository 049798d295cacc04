import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  ListCommandsCommand,
  type ListCommandsCommandOutput,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { CallbackId } from '../callback-id.ts';
import { seconds } from '../millis.ts';
import type { CommandObserver, CommandSender } from '../ports.ts';
import { errorName } from '../send-task-errors.ts';
import { classifySendCommandError } from './send-command-errors.ts';

/** The agent silently replaces a smaller executionTimeout by 3,600. */
const LEAST_EXECUTION_TIMEOUT = 5;
/** SSM's least time for the delivery of a command. */
const LEAST_DELIVERY_TIMEOUT = 30;
const MOST_PAGES = 10;
/** SSM counts in seconds, and its clock is not ours. */
const SKEW = seconds(60);

/**
 * The client must make one attempt a call: SendCommand has no client token, and a repeated one starts the job twice
 * (L5).
 */
export function ssmCommandSender(client: SSMClient, documentName: string): CommandSender {
  return {
    async send({ callbackId, instanceId, timeoutSeconds }) {
      try {
        const { Command } = await client.send(
          new SendCommandCommand({
            DocumentName: documentName,
            InstanceIds: [instanceId],
            Parameters: {
              callbackId: [callbackId],
              executionTimeout: [String(Math.max(LEAST_EXECUTION_TIMEOUT, timeoutSeconds))],
            },
            Comment: callbackId,
            // What is not delivered before the task times out need not be delivered.
            TimeoutSeconds: Math.max(LEAST_DELIVERY_TIMEOUT, timeoutSeconds),
          }),
        );
        if (Command?.CommandId === undefined) return { answer: 'unknown', why: 'SSM answered without a command id' };
        return { answer: 'sent', commandId: Command.CommandId };
      } catch (error) {
        return classifySendCommandError(error);
      }
    },
    async find(callbackId, since) {
      const after = new Date(since - SKEW).toISOString().replace(/\.\d+Z$/, 'Z');
      const Filters = [
        { key: 'DocumentName' as const, value: documentName },
        { key: 'InvokedAfter' as const, value: after },
      ];
      let NextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer: ListCommandsCommandOutput = await client.send(
          new ListCommandsCommand({ Filters, MaxResults: 50, ...(NextToken !== undefined && { NextToken }) }),
        );
        const command = answer.Commands?.find((candidate) => candidate.Comment === callbackId);
        if (command?.CommandId !== undefined) return command.CommandId;
        NextToken = answer.NextToken;
        if (NextToken === undefined || NextToken === '') return undefined;
      }
      throw new Error('too many commands since then to find one by its comment');
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
        const answer = await client.send(
          new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }),
        );
        return {
          status: answer.Status ?? '',
          statusDetails: answer.StatusDetails ?? '',
          stderr: answer.StandardErrorContent ?? '',
        };
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
