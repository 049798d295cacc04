import * as z from 'zod/mini';
import { CallbackId } from '../callback-id.ts';
import { seconds } from '../millis.ts';
import { parse } from '../parse.ts';
import type { CommandObserver, CommandSender } from '../ports.ts';
import { errorName } from '../send-task-errors.ts';
import { classifySendCommandError } from './send-command-errors.ts';
import { type AwsConnection, awsJson, patiently } from './signed-call.ts';

/** The agent silently replaces a smaller executionTimeout by 3,600. */
const LEAST_EXECUTION_TIMEOUT = 5;
/** SSM's least time for the delivery of a command. */
const LEAST_DELIVERY_TIMEOUT = 30;
const MOST_PAGES = 10;
/** SSM counts in seconds, and its clock is not ours. */
const SKEW = seconds(60);

/** One action of SSM: its name and input, to its output. */
export type SsmCall = (action: string, input: object) => Promise<unknown>;

/**
 * SSM by signed requests. Looking and cancelling may be repeated, SendCommand may not: it has no client token, and a
 * second one starts the job twice (L5).
 */
export const ssmCall =
  (connection: AwsConnection): SsmCall =>
  (action, input) => {
    const call = () => awsJson(connection, { service: 'ssm', target: `AmazonSSM.${action}`, version: '1.1' }, input);
    return action === 'SendCommand' ? call() : patiently(call);
  };

const Sent = z.object({ Command: z.object({ CommandId: z.string() }) });
const Commands = z.object({
  Commands: z._default(z.array(z.object({ CommandId: z.string(), Comment: z.nullish(z.string()) })), []),
  NextToken: z.nullish(z.string()),
});
const Invoked = z.object({
  Status: z._default(z.string(), ''),
  StatusDetails: z._default(z.string(), ''),
  StandardErrorContent: z._default(z.string(), ''),
});

export function ssmCommandSender(ssm: SsmCall, documentName: string): CommandSender {
  return {
    async send({ callbackId, instanceId, timeoutSeconds }) {
      try {
        const sent = await ssm('SendCommand', {
          DocumentName: documentName,
          InstanceIds: [instanceId],
          Parameters: {
            callbackId: [callbackId],
            executionTimeout: [String(Math.max(LEAST_EXECUTION_TIMEOUT, timeoutSeconds))],
          },
          Comment: callbackId,
          // What is not delivered before the task times out need not be delivered.
          TimeoutSeconds: Math.max(LEAST_DELIVERY_TIMEOUT, timeoutSeconds),
        });
        const { data } = Sent.safeParse(sent);
        if (data === undefined) return { answer: 'unknown', why: 'SSM answered without a command id' };
        return { answer: 'sent', commandId: data.Command.CommandId };
      } catch (error) {
        return classifySendCommandError(error);
      }
    },
    async find(callbackId, since) {
      const after = new Date(since - SKEW).toISOString().replace(/\.\d+Z$/, 'Z');
      const Filters = [
        { key: 'DocumentName', value: documentName },
        { key: 'InvokedAfter', value: after },
      ];
      let NextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const more = NextToken === undefined ? {} : { NextToken };
        const answer = parse(Commands, await ssm('ListCommands', { Filters, MaxResults: 50, ...more }), 'Unavailable');
        const command = answer.Commands.find((candidate) => candidate.Comment === callbackId);
        if (command !== undefined) return command.CommandId;
        if (!answer.NextToken) return undefined;
        NextToken = answer.NextToken;
      }
      throw new Error('too many commands since then to find one by its comment');
    },
  };
}

export function ssmCommandObserver(ssm: SsmCall): CommandObserver {
  return {
    async callbackIdOf(commandId) {
      const found = parse(Commands, await ssm('ListCommands', { CommandId: commandId }), 'Unavailable');
      const comment = CallbackId.safeParse(found.Commands[0]?.Comment);
      return comment.success ? comment.data : undefined;
    },
    async invocation(commandId, instanceId) {
      try {
        const found = await ssm('GetCommandInvocation', { CommandId: commandId, InstanceId: instanceId });
        const { Status, StatusDetails, StandardErrorContent } = parse(Invoked, found, 'Unavailable');
        return { status: Status, statusDetails: StatusDetails, stderr: StandardErrorContent };
      } catch (error) {
        // Eventually consistent at first, and forgotten after 30 days.
        if (errorName(error) === 'InvocationDoesNotExist') return undefined;
        throw error;
      }
    },
    async cancel(commandId) {
      await ssm('CancelCommand', { CommandId: commandId });
    },
  };
}
