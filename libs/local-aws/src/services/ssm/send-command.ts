import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import type { AgentHost, AgentHosts } from '../../kit/host.ts';
import { integer, list, optional, text, withDefault, type Members } from '../../kit/reader.ts';
import { withDetails, type Command, type Invocation, type Target } from './command.ts';
import { commandShape } from './command-shapes.ts';
import type { Commands } from './commands.ts';
import { documentName, documentVersion } from './document-actions.ts';
import { documentArn, type Documents } from './documents.ts';
import { parameterLists, resolveParameters } from './parameter-values.ts';
import { renderDocument, type RenderedDocument } from './render-steps.ts';
import { checkTargets, isTargeted, namesInstances, targetList } from './targets.ts';

const requestShape = {
  DocumentName: documentName,
  DocumentVersion: optional(documentVersion),
  InstanceIds: withDefault(list(text(), { max: 50 }), []),
  Targets: targetList,
  Comment: withDefault(text({ max: 100 }), ''),
  TimeoutSeconds: withDefault(integer({ min: 30, max: 2_592_000 }), 3600),
  Parameters: parameterLists,
};
type Request = Members<typeof requestShape>;

/**
 * Sends a command to hosts. IAM checks the document and the instances that are named; those that tags select are checked one by
 * one as the command reaches them. [documented: Systems Manager User Guide, "Restricting Run Command access based on tags"]
 */
export const sendCommandAction = (commands: Commands, documents: Documents): UnboundAction =>
  action(requestShape, {
    resources: ({ DocumentName, InstanceIds, Targets }, caller) => [
      documentArn(DocumentName, caller),
      ...[...InstanceIds, ...Targets.filter(namesInstances).flatMap(({ Values }) => Values)].map((id) =>
        instanceArn(id, caller),
      ),
    ],
    evidence: 'documented',
    run(request) {
      const command = prepareCommand(commands, documents, request);
      commands.send(command);
      return { Command: commandShape(command) };
    },
  });

const instanceArn = (id: string, caller: Caller): string => arnOf(caller, 'ec2', `instance/${id}`);

/**
 * A command that has not been sent yet.
 * @throws {AwsError} InvalidDocument, InvalidDocumentVersion, InvalidParameters, InvalidInstanceId, ValidationException
 */
function prepareCommand({ world, hosts }: Commands, documents: Documents, request: Request): Command {
  const { document, version } = documents.find(request.DocumentName, request.DocumentVersion);
  const { Comment, InstanceIds, Parameters, Targets, TimeoutSeconds } = request;
  const rendered = renderDocument(version.content, resolveParameters(version.content, Parameters));
  const requestedAt = world.clock.now();
  const executionSeconds = rendered.steps.reduce((sum, step) => sum + step.timeoutSeconds, 0);
  return {
    commandId: world.uuid(),
    documentName: document.name,
    documentVersion: version.version,
    comment: Comment,
    parameters: Parameters,
    instanceIds: InstanceIds,
    targets: Targets,
    requestedAt,
    timeoutSeconds: TimeoutSeconds,
    expiresAt: requestedAt + (TimeoutSeconds + executionSeconds) * 1000,
    rendered,
    invocations: selectHosts(world, hosts, request).map((host) => createInvocation(host, rendered)),
  };
}

function createInvocation(host: AgentHost, { steps }: RenderedDocument): Invocation {
  const pending = { status: 'Pending', responseCode: -1, stdout: '', stderr: '' } as const;
  return { host, current: withDetails('Pending'), steps: steps.map(({ name }) => ({ ...pending, name })) };
}

function selectHosts(world: World, hosts: AgentHosts, { InstanceIds: ids, Targets: targets }: Request): AgentHost[] {
  if (ids.length > 0 && targets.length > 0) {
    throw new AwsError('ValidationException', 'InstanceIds and Targets cannot be given together.');
  }
  if (ids.length === 0 && targets.length === 0) {
    throw new AwsError('ValidationException', 'Name the hosts: give InstanceIds or Targets.');
  }
  return targets.length > 0 ? targetedHosts(world, hosts, targets) : namedHosts(world, hosts, ids);
}

const isRunning = (host: AgentHost | undefined): host is AgentHost => host?.state === 'running';

/** @throws {AwsError} InvalidInstanceId unless each of them is known and running */
function namedHosts({ accountId }: World, hosts: AgentHosts, ids: readonly string[]): AgentHost[] {
  const found = ids.map((id) => hosts.get(id)).filter(isRunning);
  if (found.length === ids.length) return found;
  const wrong = ids.filter((id) => !isRunning(hosts.get(id)));
  throw new AwsError(
    'InvalidInstanceId',
    `Instances [[${wrong.join(', ')}]] not in a valid state for account ${accountId}`,
  );
}

/** Hosts that do not run have no agent to find. */
function targetedHosts(world: World, hosts: AgentHosts, targets: readonly Target[]): AgentHost[] {
  checkTargets(targets);
  for (const target of targets.filter(namesInstances)) namedHosts(world, hosts, target.Values);
  return hosts.list().filter((host) => isRunning(host) && isTargeted(host, targets));
}
