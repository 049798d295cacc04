import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { pageOf } from '../../kit/page.ts';
import { flag, integer, list, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import { statusOfCommand, type Command, type Invocation, type StepResult } from './command.ts';
import { commandShape, invocationDetails, invocationShape } from './command-shapes.ts';
import { invocationOn, type Commands } from './commands.ts';
import { refuseToken } from './document-actions.ts';

const evidence = 'documented';
const commandId = text({ min: 36, max: 36 });
const instanceId = text({ pattern: /(i-(\w{8}|\w{17}))|(mi-\w{17})/ });

/** What a list of commands is asked for. */
const selection = {
  CommandId: optional(commandId),
  InstanceId: optional(instanceId),
  Filters: withDefault(list(structure({ key: required(text()), value: required(text({ min: 1 })) }), { max: 5 }), []),
  MaxResults: optional(integer({ min: 1, max: 50 })),
  NextToken: optional(text()),
};
type Filter = ReturnType<typeof selection.Filters>[number];

const PAGE = { usual: 50, refuse: refuseToken, reverse: true } as const;

/** The actions on commands that were sent. IAM knows no resources for them: who may cancel one command may cancel all. */
export const commandActions = (commands: Commands): Record<string, UnboundAction> => ({
  ListCommands: action(selection, {
    evidence,
    run({ CommandId, InstanceId, Filters, MaxResults, NextToken }) {
      const keep = (command: Command): boolean => isSelected(command, InstanceId, Filters);
      const request = { size: MaxResults, token: NextToken };
      const { items, next } = pageOf(commands.list(CommandId), request, { ...PAGE, keep });
      return { Commands: items.map(commandShape), ...(next !== undefined && { NextToken: next }) };
    },
  }),

  ListCommandInvocations: action(
    { ...selection, Details: withDefault(flag, false) },
    {
      evidence,
      run({ CommandId, InstanceId, Filters, MaxResults, NextToken, Details }) {
        const all = commands
          .list(CommandId)
          .flatMap((command) => command.invocations.map((invocation) => ({ command, invocation })).reverse());
        const keep = ({ command, invocation }: (typeof all)[number]): boolean =>
          isSelected(command, InstanceId, Filters) &&
          (InstanceId === undefined || invocation.host.instanceId === InstanceId);
        const { items, next } = pageOf(all, { size: MaxResults, token: NextToken }, { ...PAGE, keep });
        return {
          CommandInvocations: items.map(({ command, invocation }) => invocationShape(command, invocation, Details)),
          ...(next !== undefined && { NextToken: next }),
        };
      },
    },
  ),

  GetCommandInvocation: action(
    { CommandId: required(commandId), InstanceId: required(instanceId), PluginName: optional(text({ min: 4 })) },
    {
      evidence,
      run({ CommandId, InstanceId, PluginName }) {
        const [command] = commands.list(CommandId);
        const invocation = command && invocationOn(command, InstanceId);
        if (command === undefined || invocation === undefined) throw new AwsError('InvocationDoesNotExist', '');
        return invocationDetails(command, invocation, stepOf(invocation, PluginName));
      },
    },
  ),

  CancelCommand: action(
    { CommandId: required(commandId), InstanceIds: withDefault(list(text(), { max: 50 }), []) },
    {
      evidence,
      run({ CommandId, InstanceIds }) {
        commands.cancel(commands.find(CommandId), InstanceIds);
        return {};
      },
    },
  ),
});

const isSelected = (command: Command, onHost: string | undefined, filters: readonly Filter[]): boolean =>
  (onHost === undefined || invocationOn(command, onHost) !== undefined) &&
  filters.every((filter) => passes(command, filter));

/** @throws {AwsError} InvalidFilterKey */
function passes(command: Command, { key, value }: Filter): boolean {
  if (key === 'InvokedAfter') return command.requestedAt > Date.parse(value);
  if (key === 'InvokedBefore') return command.requestedAt < Date.parse(value);
  if (key === 'Status') return statusOfCommand(command).status === value;
  if (key === 'DocumentName') return command.documentName === value;
  const known = 'InvokedAfter, InvokedBefore, Status, DocumentName';
  throw new AwsError('InvalidFilterKey', `The filter ${key} is not supported here; there are ${known}.`);
}

/** Undefined where no step is named and there are several. @throws {AwsError} InvalidPluginName */
function stepOf({ steps }: Invocation, name: string | undefined): StepResult | undefined {
  if (name === undefined) return steps.length === 1 ? steps[0] : undefined;
  const step = steps.find((each) => each.name === name);
  if (step !== undefined) return step;
  const names = steps.map((each) => each.name).join(', ');
  throw new AwsError('InvalidPluginName', `There is no step ${name}; the document has ${names}.`);
}
