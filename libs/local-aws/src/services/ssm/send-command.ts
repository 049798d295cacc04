import { AwsError } from '../../kernel/aws-error.ts';
import type { Host } from '../ec2/host.ts';
import type { Hosts } from '../ec2/hosts.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { withDetails, type Command, type Invocation } from './command.ts';
import type { Documents } from './documents.ts';
import { parseLists, resolveParameters } from './parameter-values.ts';
import { renderDocument, type RenderedDocument } from './render-steps.ts';

const LONGEST_COMMENT = 100;
const DEFAULT_TIMEOUT_SECONDS = 3600;
const SHORTEST_TIMEOUT_SECONDS = 30;
const LONGEST_TIMEOUT_SECONDS = 2_592_000;
const MOST_INSTANCES = 50;
const MOST_TARGETS = 5;

/**
 * A request to SendCommand, checked, as a command that has not been sent yet.
 * @throws {AwsError} InvalidDocument, InvalidDocumentVersion, InvalidParameters, InvalidInstanceId, ValidationException
 */
export function prepareCommand(world: World, hosts: Hosts, documents: Documents, input: JsonObject): Command {
  const { document, version } = documents.find(input['DocumentName'], input['DocumentVersion']);
  const comment = input['Comment'] ?? '';
  if (typeof comment !== 'string' || comment.length > LONGEST_COMMENT) {
    throw constraint('comment', comment, `Member must have length less than or equal to ${LONGEST_COMMENT}`);
  }
  const timeoutSeconds = parseTimeout(input['TimeoutSeconds']);
  const rendered = renderDocument(version.content, resolveParameters(version.content, input['Parameters']));
  const requestedAt = world.clock.now();
  const executionSeconds = rendered.steps.reduce((sum, step) => sum + step.timeoutSeconds, 0);
  return {
    commandId: world.uuid(),
    documentName: document.name,
    documentVersion: version.version,
    comment,
    parameters: parseLists(input['Parameters']),
    instanceIds: (input['InstanceIds'] ?? []) as string[],
    targets: (input['Targets'] ?? []) as unknown[],
    requestedAt,
    timeoutSeconds,
    expiresAt: requestedAt + (timeoutSeconds + executionSeconds) * 1000,
    rendered,
    invocations: selectHosts(world, hosts, input).map((host) => createInvocation(host, rendered)),
  };
}

const constraint = (member: string, value: unknown, rule: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );

function parseTimeout(value: unknown = DEFAULT_TIMEOUT_SECONDS): number {
  if (typeof value !== 'number' || value < SHORTEST_TIMEOUT_SECONDS) {
    const rule = `Member must have value greater than or equal to ${SHORTEST_TIMEOUT_SECONDS}`;
    throw constraint('timeoutSeconds', value, rule);
  }
  if (value > LONGEST_TIMEOUT_SECONDS) {
    throw constraint(
      'timeoutSeconds',
      value,
      `Member must have value less than or equal to ${LONGEST_TIMEOUT_SECONDS}`,
    );
  }
  return value;
}

function createInvocation(host: Host, { steps }: RenderedDocument): Invocation {
  const pending = { status: 'Pending', responseCode: -1, stdout: '', stderr: '' } as const;
  return { host, current: withDetails('Pending'), steps: steps.map(({ name }) => ({ ...pending, name })) };
}

function selectHosts(world: World, hosts: Hosts, input: JsonObject): Host[] {
  const ids = (input['InstanceIds'] ?? []) as string[];
  const targets = (input['Targets'] ?? []) as { Key?: string; Values?: string[] }[];
  if (ids.length > 0 && targets.length > 0) {
    throw new AwsError('ValidationException', 'InstanceIds and Targets cannot be given together.');
  }
  if (ids.length === 0 && targets.length === 0) {
    throw new AwsError('ValidationException', 'Name the hosts: give InstanceIds or Targets.');
  }
  if (ids.length > MOST_INSTANCES) {
    throw constraint(
      'instanceIds',
      `[${ids.join(', ')}]`,
      `Member must have length less than or equal to ${MOST_INSTANCES}`,
    );
  }
  if (targets.length > MOST_TARGETS) {
    throw constraint('targets', targets.length, `Member must have length less than or equal to ${MOST_TARGETS}`);
  }
  return targets.length > 0 ? targetedHosts(world, hosts, targets) : namedHosts(world, hosts, ids);
}

/** @throws {AwsError} InvalidInstanceId unless each of them is known and running */
function namedHosts(world: World, hosts: Hosts, ids: readonly string[]): Host[] {
  const found = ids.map((id) => hosts.get(id)).filter((host) => host?.state === 'running');
  if (found.length === ids.length) return found as Host[];
  const wrong = ids.filter((id) => hosts.get(id)?.state !== 'running');
  const message = `Instances [[${wrong.join(', ')}]] not in a valid state for account ${world.accountId}`;
  throw new AwsError('InvalidInstanceId', message);
}

/** All targets must hold; a target holds for any of its values. Hosts that do not run have no agent to find. */
function targetedHosts(world: World, hosts: Hosts, targets: readonly { Key?: string; Values?: string[] }[]): Host[] {
  let selected = hosts.list().filter(({ state }) => state === 'running');
  for (const { Key = '', Values = [] } of targets) {
    if (/^instanceids$/i.test(Key)) {
      namedHosts(world, hosts, Values);
      selected = selected.filter(({ instanceId }) => Values.includes(instanceId));
    } else if (Key.startsWith('tag:')) {
      const tag = Key.slice('tag:'.length);
      selected = selected.filter(({ tags }) => tags[tag] !== undefined && Values.includes(tags[tag]));
    } else if (Key === 'tag-key') {
      selected = selected.filter(({ tags }) => Values.some((key) => Object.hasOwn(tags, key)));
    } else {
      throw new AwsError('InvalidTarget', `The target ${Key} is not here; there are InstanceIds, tag:KEY and tag-key.`);
    }
  }
  return selected;
}
