import { AwsError } from '../../../kernel/aws-error.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { flag, optional, required, structure, text, withDefault } from '../../../kit/reader.ts';
import { addTags, tagList } from '../../../kit/tags.ts';
import { checkName, machineResource, readArn, statesArn } from '../arn.ts';
import { stateMachineAlreadyExists, validation } from '../refusals.ts';
import type { Runtime } from '../run/runtime.ts';
import { publishVersion, type Revision, type Target } from '../run/state-machine-store.ts';
import { definition, machineType, readDefinition } from './definition.ts';
import { loggingConfiguration, loggingOf } from './logging-configuration.ts';
import { arn, encryptionConfiguration, includedData, listOf, pageMembers, resourceName, toSeconds } from './members.ts';
import { describeRevision, isSameExceptRole, revise } from './revision.ts';

const roleArn = text({ min: 1, max: 256 });
const configuration = {
  loggingConfiguration,
  tracingConfiguration: optional(structure({ enabled: withDefault(flag, false) })),
  encryptionConfiguration,
};
const publication = { publish: withDefault(flag, false), versionDescription: optional(text({ max: 256 })) };

export function stateMachineActions(runtime: Runtime): Record<string, UnboundAction> {
  const { machines } = runtime;
  return {
    CreateStateMachine: createStateMachine(runtime),
    UpdateStateMachine: updateStateMachine(runtime),

    /** Executions that run go on to their end. */
    DeleteStateMachine: action(
      { stateMachineArn: arn },
      {
        resources: ({ stateMachineArn }) => [stateMachineArn],
        evidence: 'documented',
        run({ stateMachineArn }) {
          machines.byArn.delete(readArn(stateMachineArn, 'stateMachine').text);
          return {};
        },
      },
    ),

    DescribeStateMachine: action(
      { stateMachineArn: arn, includedData },
      {
        resources: ({ stateMachineArn }) => [machineResource(stateMachineArn)],
        evidence: 'documented',
        run({ stateMachineArn, includedData: data }) {
          const target = machines.resolve(stateMachineArn, 0);
          return { ...describe(stateMachineArn, target), ...describeRevision(target.revision, data) };
        },
      },
    ),

    ListStateMachines: action(pageMembers, {
      evidence: 'documented',
      run(request) {
        const sorted = [...machines.byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, rest } = listOf(sorted, request);
        const stateMachines = items.map((machine) => ({
          stateMachineArn: machine.arn,
          name: machine.name,
          type: machine.type,
          creationDate: toSeconds(machine.creationDate),
        }));
        return { stateMachines, ...rest };
      },
    }),
  };
}

/** A repeated request is answered as the first. [documented] */
const createStateMachine = ({ world, machines }: Runtime): UnboundAction =>
  action(
    {
      name: resourceName,
      definition: required(definition),
      roleArn: required(roleArn),
      type: machineType,
      tags: tagList('lower'),
      ...configuration,
      ...publication,
    },
    {
      resources: ({ name }, caller) => [statesArn(caller, 'stateMachine', name)],
      evidence: 'recorded',
      run({ name, type, tags, publish, versionDescription, ...request }) {
        checkName(name);
        checkPublication(publish, versionDescription);
        const now = world.clock.now();
        const revision: Revision = {
          id: undefined,
          definition: request.definition,
          machine: readDefinition(request.definition, type),
          roleArn: request.roleArn,
          loggingConfiguration: loggingOf(request.loggingConfiguration),
          tracingConfiguration: request.tracingConfiguration ?? { enabled: false },
          encryptionConfiguration: request.encryptionConfiguration,
          updateDate: now,
        };
        const machineArn = statesArn(world, 'stateMachine', name);
        const existing = machines.byArn.get(machineArn);
        if (existing && (existing.type !== type || !isSameExceptRole(existing.revision, revision))) {
          throw stateMachineAlreadyExists(machineArn);
        }
        const machine =
          existing ?? machines.add({ arn: machineArn, name, type, revision, tags: addTags(new Map(), tags) });
        const version = publish ? publishVersion(machine, versionDescription, now) : undefined;
        return {
          stateMachineArn: machineArn,
          creationDate: toSeconds(machine.creationDate),
          ...(version && { stateMachineVersionArn: version.arn }),
        };
      },
    },
  );

const updateStateMachine = ({ world, machines }: Runtime): UnboundAction =>
  action(
    {
      stateMachineArn: arn,
      definition: optional(definition),
      roleArn: optional(roleArn),
      ...configuration,
      ...publication,
    },
    {
      resources: ({ stateMachineArn }) => [stateMachineArn],
      evidence: 'documented',
      run({ stateMachineArn, publish, versionDescription, ...request }) {
        checkPublication(publish, versionDescription);
        const machine = machines.find(stateMachineArn);
        const { loggingConfiguration: logging, tracingConfiguration: tracing } = request;
        if ([request.definition, request.roleArn, logging, tracing].every((member) => member === undefined)) {
          if (!publish) throw nothingToUpdate();
        }
        const now = world.clock.now();
        const changes = { ...request, loggingConfiguration: logging && loggingOf(logging) };
        machine.revision = revise(machine, changes, world.uuid(), now);
        const version = publish ? publishVersion(machine, versionDescription, now) : undefined;
        return {
          updateDate: toSeconds(now),
          ...(machine.revision.id !== undefined && { revisionId: machine.revision.id }),
          ...(version && { stateMachineVersionArn: version.arn }),
        };
      },
    },
  );

function checkPublication(publish: boolean, versionDescription: string | undefined): void {
  if (versionDescription === undefined || publish) return;
  throw validation('Version description can only be set when publish is true');
}

const nothingToUpdate = (): AwsError =>
  new AwsError(
    'MissingRequiredParameter',
    'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
  );

const describe = (requested: string, { machine, version }: Target): JsonObject => ({
  stateMachineArn: requested,
  name: machine.name,
  status: 'ACTIVE',
  type: machine.type,
  creationDate: toSeconds(version?.creationDate ?? machine.creationDate),
  ...(version?.description !== undefined && { description: version.description }),
});
