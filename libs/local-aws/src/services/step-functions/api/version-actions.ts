import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { Millis } from '../../../kernel/clock/clock.ts';
import type { World } from '../../../kernel/service.ts';
import { isVersion, parseArn, unqualified } from './arn.ts';
import { pageOf } from './pages.ts';
import { conflict, invalidArn } from './refusals.ts';
import { arn, longArn, optional, pageMembers, readRequest, text } from './request.ts';
import { toSeconds } from './seconds.ts';
import type { StateMachine, StateMachineStore, Version } from '../run/state-machine-store.ts';

export function createVersionActions(world: World, store: StateMachineStore): Record<string, Action> {
  return {
    PublishStateMachineVersion(input) {
      const request = readRequest(input, {
        stateMachineArn: arn,
        revisionId: optional(text()),
        description: optional(text({ max: 256 })),
      });
      const machine = store.find(request.stateMachineArn);
      const current = machine.revision.id ?? 'INITIAL';
      if (request.revisionId !== undefined && request.revisionId !== current) {
        const failed = `Failed to publish the State Machine version for revision ${request.revisionId}.`;
        throw conflict(`${failed} The current State Machine revision is ${current}.`);
      }
      const version = publishVersion(machine, request.description, world.clock.now());
      return { stateMachineVersionArn: version.arn, creationDate: toSeconds(version.creationDate) };
    },

    /** Newest first. */
    ListStateMachineVersions(input) {
      const { stateMachineArn, ...request } = readRequest(input, { stateMachineArn: arn, ...pageMembers });
      const machine = store.byArn.get(parseArn(stateMachineArn, 'stateMachine').text);
      const { items, ...rest } = pageOf([...(machine?.versions.values() ?? [])].reverse(), request);
      const stateMachineVersions = items.map((version) => ({
        stateMachineVersionArn: version.arn,
        creationDate: toSeconds(version.creationDate),
      }));
      return { stateMachineVersions, ...rest };
    },

    DeleteStateMachineVersion(input) {
      const { stateMachineVersionArn } = readRequest(input, { stateMachineVersionArn: longArn });
      const versionArn = parseArn(stateMachineVersionArn, 'stateMachine');
      if (!versionArn.qualifier || !isVersion(versionArn.qualifier)) {
        throw invalidArn(`Resource type not valid in this context: ${stateMachineVersionArn}`);
      }
      const machine = store.byArn.get(unqualified(versionArn));
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
  };
}

/** A revision is published once: the second time answers the same version, whatever its description. */
export function publishVersion(machine: StateMachine, description: string | undefined, now: Millis): Version {
  const latest = [...machine.versions.values()].at(-1);
  if (latest?.revision === machine.revision) return latest;
  machine.lastVersion += 1;
  const version = {
    arn: `${machine.arn}:${machine.lastVersion}`,
    description,
    creationDate: now,
    revision: machine.revision,
  };
  machine.versions.set(version.arn, version);
  return version;
}
