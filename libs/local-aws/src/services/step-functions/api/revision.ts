import type { JsonObject } from '../../../kernel/service.ts';
import type { MachineSettings, Revision, StateMachine } from '../run/state-machine-store.ts';
import { readDefinition } from './definition.ts';

/** What an update may change; what it leaves out stays. */
export type Changes = { readonly [Name in keyof MachineSettings]: MachineSettings[Name] | undefined };

/**
 * The next revision of a machine; the same one where nothing changes.
 * @throws {AwsError} InvalidDefinition
 */
export function revise({ revision, type }: StateMachine, changes: Changes, id: string, now: number): Revision {
  const next: MachineSettings = {
    definition: changes.definition ?? revision.definition,
    roleArn: changes.roleArn ?? revision.roleArn,
    loggingConfiguration: changes.loggingConfiguration ?? revision.loggingConfiguration,
    tracingConfiguration: changes.tracingConfiguration ?? revision.tracingConfiguration,
    encryptionConfiguration: changes.encryptionConfiguration ?? revision.encryptionConfiguration,
  };
  if (next.roleArn === revision.roleArn && isSameExceptRole(next, revision)) return revision;
  const machine = changes.definition === undefined ? revision.machine : readDefinition(changes.definition, type);
  return { ...next, id, machine, updateDate: now };
}

/** Whether two requests ask for the same machine: the role does not count. [documented: CreateStateMachine] */
export const isSameExceptRole = (one: MachineSettings, other: MachineSettings): boolean =>
  one.definition === other.definition && configurationsOf(one) === configurationsOf(other);

const configurationsOf = (settings: MachineSettings): string =>
  JSON.stringify([settings.loggingConfiguration, settings.tracingConfiguration, settings.encryptionConfiguration]);

/** What DescribeStateMachine and DescribeStateMachineForExecution have in common. */
export function describeRevision(revision: Revision, includedData: 'ALL_DATA' | 'METADATA_ONLY'): JsonObject {
  return {
    ...(includedData === 'ALL_DATA' && { definition: revision.definition }),
    roleArn: revision.roleArn,
    loggingConfiguration: revision.loggingConfiguration,
    tracingConfiguration: revision.tracingConfiguration,
    ...(revision.encryptionConfiguration && { encryptionConfiguration: revision.encryptionConfiguration }),
    ...(revision.id !== undefined && { revisionId: revision.id }),
  };
}
