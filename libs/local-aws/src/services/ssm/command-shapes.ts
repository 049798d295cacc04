import type { JsonObject } from '../../kernel/service.ts';
import {
  hasEnded,
  isDeliveryTimedOut,
  isFailed,
  statusOfCommand,
  type Command,
  type Invocation,
  type StepResult,
} from './command.ts';

/** [documented: Systems Manager API Reference, "CommandPlugin"] */
const LISTED_OUTPUT_CHARACTERS = 2500;

/** A command as SendCommand and ListCommands show it. */
export function commandShape(command: Command): JsonObject {
  const { status, details } = statusOfCommand(command);
  const statuses = command.invocations.map(({ current }) => current);
  return {
    CommandId: command.commandId,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: command.expiresAt / 1000,
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: command.requestedAt / 1000,
    Status: status,
    StatusDetails: details,
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    MaxConcurrency: '50',
    MaxErrors: '0',
    TargetCount: statuses.length,
    CompletedCount: statuses.filter(hasEnded).length,
    ErrorCount: statuses.filter(isFailed).length,
    DeliveryTimedOutCount: statuses.filter(isDeliveryTimedOut).length,
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** One host's part of a command as ListCommandInvocations shows it. */
export function invocationShape(command: Command, invocation: Invocation, withPlugins: boolean): JsonObject {
  return {
    CommandId: command.commandId,
    InstanceId: invocation.host.instanceId,
    InstanceName: '',
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: command.requestedAt / 1000,
    Status: invocation.current.status,
    StatusDetails: invocation.current.details,
    CommandPlugins: withPlugins ? invocation.steps.map(pluginShape) : [],
    ServiceRole: '',
  };
}

function pluginShape(step: StepResult): JsonObject {
  return {
    Name: step.name,
    Status: step.status,
    StatusDetails: step.status,
    ResponseCode: step.responseCode,
    ...(step.startedAt !== undefined && { ResponseStartDateTime: step.startedAt / 1000 }),
    ...(step.endedAt !== undefined && { ResponseFinishDateTime: step.endedAt / 1000 }),
    Output: `${step.stdout}${step.stderr && `\n----------ERROR-------\n${step.stderr}`}`.slice(
      0,
      LISTED_OUTPUT_CHARACTERS,
    ),
  };
}

/** The same as GetCommandInvocation shows it; without a step, of a document with several, there is no output to show. */
export function invocationDetails(command: Command, invocation: Invocation, step: StepResult | undefined): JsonObject {
  const { startedAt, endedAt } = step ?? {};
  const alone = invocation.steps.length === 1 || step === undefined;
  return {
    CommandId: command.commandId,
    InstanceId: invocation.host.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: step?.name ?? '',
    ResponseCode: step?.responseCode ?? -1,
    ExecutionStartDateTime: startedAt === undefined ? '' : new Date(startedAt).toISOString(),
    ExecutionElapsedTime: startedAt === undefined || endedAt === undefined ? '' : `PT${(endedAt - startedAt) / 1000}S`,
    ExecutionEndDateTime: endedAt === undefined ? '' : new Date(endedAt).toISOString(),
    Status: alone ? invocation.current.status : step.status,
    StatusDetails: alone ? invocation.current.details : step.status,
    StandardOutputContent: step?.stdout ?? '',
    StandardOutputUrl: '',
    StandardErrorContent: step?.stderr ?? '',
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}
