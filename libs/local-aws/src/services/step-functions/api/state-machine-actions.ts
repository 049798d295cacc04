import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import { parseDefinition } from '@baton/asl';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../../kernel/service.ts';
import { checkName, formatArn, parseArn } from './arn.ts';
import { readDefinition } from './definition.ts';
import { loggingMember, loggingOf } from './logging-configuration.ts';
import { pageOf } from './pages.ts';
import { stateMachineAlreadyExists, validation } from './refusals.ts';
import {
  arn,
  flag,
  number,
  opaque,
  optional,
  pageMembers,
  readRequest,
  required,
  tagMembers,
  text,
} from './request.ts';
import { toSeconds } from './seconds.ts';
import type { Revision, StateMachine, StateMachineStore, Target } from '../run/state-machine-store.ts';
import { publishVersion } from './version-actions.ts';

const definition = text({ min: 1, max: 1_048_576, sensitive: true });
const machineType = optional(text({ oneOf: ['STANDARD', 'EXPRESS'] }));
const includedData = optional(text({ oneOf: ['ALL_DATA', 'METADATA_ONLY'] }));
const configuration = {
  loggingConfiguration: loggingMember,
  tracingConfiguration: optional(opaque),
  encryptionConfiguration: optional(opaque),
};
const publication = { publish: optional(flag), versionDescription: optional(text({ max: 256 })) };

const NO_TRACING = { enabled: false };

export function createStateMachineActions(world: World, store: StateMachineStore): Record<string, Action> {
  return {
    CreateStateMachine(input) {
      const request = readRequest(input, {
        name: required(text({ min: 1, max: 80 })),
        definition: required(definition),
        roleArn: required(text({ min: 1, max: 256 })),
        type: machineType,
        tags: tagMembers,
        ...configuration,
        ...publication,
      });
      checkName(request.name);
      checkPublication(request);
      const type = (request.type ?? 'STANDARD') as StateMachine['type'];
      const now = world.clock.now();
      const revision: Revision = {
        id: undefined,
        definition: request.definition,
        machine: readDefinition(request.definition, type),
        roleArn: request.roleArn,
        loggingConfiguration: loggingOf(request.loggingConfiguration),
        tracingConfiguration: request.tracingConfiguration ?? NO_TRACING,
        encryptionConfiguration: request.encryptionConfiguration,
        updateDate: now,
      };
      const machineArn = formatArn(world, 'stateMachine', request.name);
      let machine = store.byArn.get(machineArn);
      if (machine && !isSameRequest(machine, type, revision)) throw stateMachineAlreadyExists(machineArn);
      if (machine === undefined) {
        const tags = new Map(request.tags?.map(({ key, value }) => [key, value]));
        machine = createMachine(machineArn, request.name, type, revision, tags);
        store.byArn.set(machineArn, machine);
      }
      const version = request.publish ? publishVersion(machine, request.versionDescription, now) : undefined;
      return {
        stateMachineArn: machineArn,
        creationDate: toSeconds(machine.creationDate),
        ...(version && { stateMachineVersionArn: version.arn }),
      };
    },

    UpdateStateMachine(input) {
      const request = readRequest(input, {
        stateMachineArn: arn,
        definition: optional(definition),
        roleArn: optional(text({ min: 1, max: 256 })),
        ...configuration,
        ...publication,
      });
      checkPublication(request);
      const machine = store.find(request.stateMachineArn);
      const { definition: changed, roleArn, loggingConfiguration, tracingConfiguration } = request;
      if ([changed, roleArn, loggingConfiguration, tracingConfiguration].every((member) => member === undefined)) {
        if (!request.publish) throw nothingToUpdate();
      }
      const now = world.clock.now();
      const changes = { ...request, loggingConfiguration: loggingConfiguration && loggingOf(loggingConfiguration) };
      machine.revision = revise(machine, changes, world.uuid(), now);
      const version = request.publish ? publishVersion(machine, request.versionDescription, now) : undefined;
      return {
        updateDate: toSeconds(now),
        ...(machine.revision.id !== undefined && { revisionId: machine.revision.id }),
        ...(version && { stateMachineVersionArn: version.arn }),
      };
    },

    /** Executions that run go on to their end. */
    DeleteStateMachine(input) {
      const { stateMachineArn } = readRequest(input, { stateMachineArn: arn });
      store.byArn.delete(parseArn(stateMachineArn, 'stateMachine').text);
      return {};
    },

    DescribeStateMachine(input) {
      const { stateMachineArn, includedData: data } = readRequest(input, { stateMachineArn: arn, includedData });
      return describe(stateMachineArn, store.resolve(stateMachineArn, 0), data === 'METADATA_ONLY');
    },

    ListStateMachines(input) {
      const machines = [...store.byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, ...rest } = pageOf(machines, readRequest(input, pageMembers));
      const stateMachines = items.map(({ arn, name, type, creationDate }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: toSeconds(creationDate),
      }));
      return { stateMachines, ...rest };
    },

    ValidateStateMachineDefinition(input) {
      const request = readRequest(input, {
        definition: required(definition),
        type: machineType,
        severity: optional(text({ oneOf: ['ERROR', 'WARNING'] })),
        maxResults: optional(number({ min: 0, max: 100 })),
      });
      const { diagnostics } = parseDefinition(request.definition, {
        type: (request.type ?? 'STANDARD') as StateMachine['type'],
      });
      const wanted = diagnostics.filter(({ severity }) => severity === 'ERROR' || request.severity === 'WARNING');
      const shown = wanted.slice(0, request.maxResults || 100).map(({ location, ...diagnostic }) => ({
        ...diagnostic,
        ...(location !== '' && { location }),
      }));
      const failed = diagnostics.some(({ severity }) => severity === 'ERROR');
      return { result: failed ? 'FAIL' : 'OK', diagnostics: shown, truncated: shown.length < wanted.length };
    },
  };
}

function createMachine(
  machineArn: string,
  name: string,
  type: StateMachine['type'],
  revision: Revision,
  tags: Map<string, string>,
): StateMachine {
  return {
    arn: machineArn,
    name,
    type,
    creationDate: revision.updateDate,
    revision,
    versions: new Map(),
    lastVersion: 0,
    aliases: new Map(),
    tags,
    executions: [],
  };
}

function checkPublication({
  publish,
  versionDescription,
}: {
  publish: boolean | undefined;
  versionDescription: string | undefined;
}): void {
  if (versionDescription === undefined || publish) return;
  throw validation('Version description can only be set when publish is true');
}

/** A repeated CreateStateMachine is answered as the first: the role and the tags do not count. */
function isSameRequest(machine: StateMachine, type: StateMachine['type'], wanted: Revision): boolean {
  const { definition: current, loggingConfiguration, tracingConfiguration, encryptionConfiguration } = machine.revision;
  const settings = (...members: unknown[]) => JSON.stringify(members);
  return (
    machine.type === type &&
    current === wanted.definition &&
    settings(loggingConfiguration, tracingConfiguration, encryptionConfiguration) ===
      settings(wanted.loggingConfiguration, wanted.tracingConfiguration, wanted.encryptionConfiguration)
  );
}

interface Changes {
  readonly definition: string | undefined;
  readonly roleArn: string | undefined;
  readonly loggingConfiguration: JsonObject | undefined;
  readonly tracingConfiguration: JsonObject | undefined;
  readonly encryptionConfiguration: JsonObject | undefined;
}

/** The next revision; the same one where nothing changes. */
function revise(machine: StateMachine, changes: Changes, id: string, now: number): Revision {
  const { revision } = machine;
  const next = {
    definition: changes.definition ?? revision.definition,
    roleArn: changes.roleArn ?? revision.roleArn,
    loggingConfiguration: changes.loggingConfiguration ?? revision.loggingConfiguration,
    tracingConfiguration: changes.tracingConfiguration ?? revision.tracingConfiguration,
    encryptionConfiguration: changes.encryptionConfiguration ?? revision.encryptionConfiguration,
  };
  const isSame = (Object.keys(next) as (keyof typeof next)[]).every(
    (member) => JSON.stringify(next[member]) === JSON.stringify(revision[member]),
  );
  if (isSame) return revision;
  const parsed = changes.definition === undefined ? revision.machine : readDefinition(changes.definition, machine.type);
  return { ...next, id, machine: parsed, updateDate: now };
}

const nothingToUpdate = (): AwsError =>
  new AwsError(
    'MissingRequiredParameter',
    'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
  );

function describe(requested: string, { machine, revision, version }: Target, metadataOnly: boolean): JsonObject {
  return {
    stateMachineArn: requested,
    name: machine.name,
    status: 'ACTIVE',
    type: machine.type,
    creationDate: toSeconds(version?.creationDate ?? machine.creationDate),
    ...(version?.description !== undefined && { description: version.description }),
    ...describeRevision(revision, metadataOnly),
  };
}

/** What DescribeStateMachine and DescribeStateMachineForExecution have in common. */
export function describeRevision(revision: Revision, metadataOnly: boolean): JsonObject {
  return {
    ...(!metadataOnly && { definition: revision.definition }),
    roleArn: revision.roleArn,
    loggingConfiguration: revision.loggingConfiguration,
    tracingConfiguration: revision.tracingConfiguration,
    ...(revision.encryptionConfiguration && { encryptionConfiguration: revision.encryptionConfiguration }),
    ...(revision.id !== undefined && { revisionId: revision.id }),
  };
}
