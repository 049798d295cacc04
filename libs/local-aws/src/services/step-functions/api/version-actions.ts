import { action, type UnboundAction } from '../../../kit/action.ts';
import { optional, text } from '../../../kit/reader.ts';
import { isVersion, machineResource, readArn, unqualified } from '../arn.ts';
import { conflict, invalidArn } from '../refusals.ts';
import type { Runtime } from '../run/runtime.ts';
import { publishVersion, type StateMachineStore } from '../run/state-machine-store.ts';
import { arn, listOf, longArn, pageMembers, toSeconds } from './members.ts';

export function versionActions({ world, machines }: Runtime): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    PublishStateMachineVersion: action(
      { stateMachineArn: arn, revisionId: optional(text()), description: optional(text({ max: 256 })) },
      {
        resources: ({ stateMachineArn }) => [stateMachineArn],
        evidence,
        run({ stateMachineArn, revisionId, description }) {
          const machine = machines.find(stateMachineArn);
          const current = machine.revision.id ?? 'INITIAL';
          if (revisionId !== undefined && revisionId !== current) {
            const failed = `Failed to publish the State Machine version for revision ${revisionId}.`;
            throw conflict(`${failed} The current State Machine revision is ${current}.`);
          }
          const version = publishVersion(machine, description, world.clock.now());
          return { stateMachineVersionArn: version.arn, creationDate: toSeconds(version.creationDate) };
        },
      },
    ),

    /** Newest first. */
    ListStateMachineVersions: action(
      { stateMachineArn: arn, ...pageMembers },
      {
        resources: ({ stateMachineArn }) => [stateMachineArn],
        evidence,
        run({ stateMachineArn, ...request }) {
          const machine = machines.byArn.get(readArn(stateMachineArn, 'stateMachine').text);
          const { items, rest } = listOf([...(machine?.versions.values() ?? [])].reverse(), request);
          const stateMachineVersions = items.map((version) => ({
            stateMachineVersionArn: version.arn,
            creationDate: toSeconds(version.creationDate),
          }));
          return { stateMachineVersions, ...rest };
        },
      },
    ),

    DeleteStateMachineVersion: deleteVersion(machines),
  };
}

/** A version that an alias routes to stays. */
const deleteVersion = (machines: StateMachineStore): UnboundAction =>
  action(
    { stateMachineVersionArn: longArn },
    {
      resources: ({ stateMachineVersionArn }) => [machineResource(stateMachineVersionArn)],
      evidence: 'documented',
      run({ stateMachineVersionArn }) {
        const versionArn = readArn(stateMachineVersionArn, 'stateMachine');
        if (!versionArn.qualifier || !isVersion(versionArn.qualifier)) {
          throw invalidArn(`Resource type not valid in this context: ${stateMachineVersionArn}`);
        }
        const machine = machines.byArn.get(unqualified(versionArn));
        const users = [...(machine?.aliases.values() ?? [])].filter(({ routes }) =>
          routes.some((route) => route.stateMachineVersionArn === versionArn.text),
        );
        if (users.length > 0) {
          const names = users.map(({ name }) => name).join(', ');
          const rule = 'Version to be deleted must not be referenced by an alias.';
          throw conflict(`${rule} Current list of aliases referencing this version: [${names}]`);
        }
        machine?.versions.delete(versionArn.text);
        return {};
      },
    },
  );
