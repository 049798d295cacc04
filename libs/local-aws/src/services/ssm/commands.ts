import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Hosts } from '../ec2/hosts.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { commandAnswer, invocationAnswer, invocationDetails } from './command-answers.ts';
import { statusOfCommand, type Command, type Invocation } from './command.ts';
import { createDispatch } from './dispatch.ts';
import type { Documents } from './documents.ts';
import { prepareCommand } from './send-command.ts';

export interface Commands {
  readonly actions: Readonly<Record<string, Action>>;
  readonly redeliver: (commandId: string, options?: { readonly reports?: boolean }) => Promise<void>;
  close(): void;
}

const MOST_LISTED = 50;
const LONGEST_ID = 36;

/** Run Command. */
export function createCommands(world: World, hosts: Hosts, documents: Documents): Commands {
  const commands = new Map<string, Command>();
  const dispatch = createDispatch(world, hosts);

  const find = (id: unknown): Command => {
    const command = commands.get(parseCommandId(id));
    if (command !== undefined) return command;
    throw new AwsError('InvalidCommandId', `The command ${String(id)} does not exist.`);
  };
  /** Newest first, as AWS lists them. */
  const select = ({ CommandId, InstanceId, Filters }: JsonObject): Command[] => {
    const candidates = CommandId === undefined ? [...commands.values()].reverse() : [commands.get(CommandId as string)];
    const filters = (Filters ?? []) as { key: string; value: string }[];
    return candidates
      .filter((command) => command !== undefined)
      .filter((command) => InstanceId === undefined || invocationOn(command, InstanceId) !== undefined)
      .filter((command) => filters.every(({ key, value }) => passes(command, key, value)));
  };

  return {
    actions: {
      SendCommand(input) {
        const command = prepareCommand(world, hosts, documents, input);
        commands.set(command.commandId, command);
        dispatch.send(command);
        return { Command: commandAnswer(command) };
      },
      ListCommands(input) {
        const { items, ...next } = page(select(input), input, ({ commandId }) => commandId);
        return { Commands: items.map(commandAnswer), ...next };
      },
      ListCommandInvocations(input) {
        const all = select(input).flatMap((command) =>
          command.invocations
            .filter(({ host }) => input['InstanceId'] === undefined || host.instanceId === input['InstanceId'])
            .map((invocation) => ({ command, invocation })),
        );
        const keyOf = (item: (typeof all)[number]) => `${item.command.commandId}/${item.invocation.host.instanceId}`;
        const { items, ...next } = page(all, input, keyOf);
        const details = input['Details'] === true;
        return {
          CommandInvocations: items.map(({ command, invocation }) => invocationAnswer(command, invocation, details)),
          ...next,
        };
      },
      GetCommandInvocation({ CommandId, InstanceId, PluginName }) {
        const command = commands.get(parseCommandId(CommandId));
        const invocation = command && invocationOn(command, InstanceId);
        if (command === undefined || invocation === undefined) throw new AwsError('InvocationDoesNotExist', '');
        return invocationDetails(command, invocation, stepOf(invocation, PluginName as string | undefined));
      },
      CancelCommand({ CommandId, InstanceIds = [] }) {
        const command = find(CommandId);
        const ids = InstanceIds as string[];
        const unknown = ids.filter((id) => invocationOn(command, id) === undefined);
        if (unknown.length > 0) {
          throw new AwsError('InvalidInstanceId', `Instances [[${unknown.join(', ')}]] have no part in the command.`);
        }
        const chosen = command.invocations.filter(({ host }) => ids.length === 0 || ids.includes(host.instanceId));
        dispatch.cancel(command, chosen);
        return {};
      },
    },
    redeliver: async (commandId, { reports = false } = {}) => dispatch.redeliver(find(commandId), reports),
    close: () => dispatch.close(),
  };
}

function parseCommandId(id: unknown): string {
  if (typeof id === 'string' && id.length === LONGEST_ID) return id;
  const rule = `Member must have length equal to ${LONGEST_ID}`;
  const message = `1 validation error detected: Value '${String(id)}' at 'commandId' failed to satisfy constraint: ${rule}`;
  throw new AwsError('ValidationException', message);
}

const invocationOn = ({ invocations }: Command, instanceId: unknown): Invocation | undefined =>
  invocations.find(({ host }) => host.instanceId === instanceId);

/** @throws {AwsError} InvalidPluginName */
function stepOf({ steps }: Invocation, name: string | undefined) {
  if (name === undefined) return steps.length === 1 ? steps[0] : undefined;
  const step = steps.find((each) => each.name === name);
  if (step !== undefined) return step;
  const names = steps.map((each) => each.name).join(', ');
  throw new AwsError('InvalidPluginName', `There is no step ${name}; the document has ${names}.`);
}

/** @throws {AwsError} InvalidFilterKey */
function passes(command: Command, key: string, value: string): boolean {
  if (key === 'InvokedAfter') return command.requestedAt > Date.parse(value);
  if (key === 'InvokedBefore') return command.requestedAt < Date.parse(value);
  if (key === 'Status') return statusOfCommand(command).status === value;
  if (key === 'DocumentName') return command.documentName === value;
  const known = 'InvokedAfter, InvokedBefore, Status, DocumentName';
  throw new AwsError('InvalidFilterKey', `The filter ${key} is not here; there are ${known}.`);
}

/** The token names the item that the last page ended with. @throws {AwsError} InvalidNextToken */
function page<T>(all: readonly T[], { MaxResults = MOST_LISTED, NextToken }: JsonObject, keyOf: (item: T) => string) {
  const start = NextToken === undefined ? 0 : all.findIndex((item) => keyOf(item) === NextToken) + 1;
  if (NextToken !== undefined && start === 0)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const items = all.slice(start, start + Math.min(Number(MaxResults), MOST_LISTED));
  const last = items.at(-1);
  const more = last !== undefined && start + items.length < all.length;
  return { items, ...(more && { NextToken: keyOf(last) }) };
}
