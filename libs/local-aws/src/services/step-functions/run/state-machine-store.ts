import type { StateMachine as Machine } from '@baton/asl';
import type { Millis } from '../../../kernel/clock/clock.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import type { Tags } from '../../../kit/tags.ts';
import { isVersion, readArn, unqualified } from '../arn.ts';
import { stateMachineDoesNotExist } from '../refusals.ts';

export type MachineType = 'STANDARD' | 'EXPRESS';

/** What an update may change. */
export interface MachineSettings {
  readonly definition: string;
  readonly roleArn: string;
  readonly loggingConfiguration: JsonObject;
  readonly tracingConfiguration: JsonObject;
  readonly encryptionConfiguration: JsonObject | undefined;
}

/** What an execution runs. An update replaces it as a whole. */
export interface Revision extends MachineSettings {
  /** Absent until the first update; until then clients call it `INITIAL`. [documented] */
  readonly id: string | undefined;
  readonly machine: Machine;
  readonly updateDate: Millis;
}

export interface Version {
  readonly arn: string;
  readonly description: string | undefined;
  readonly creationDate: Millis;
  readonly revision: Revision;
}

export interface Route {
  readonly stateMachineVersionArn: string;
  readonly weight: number;
}

export interface Alias {
  readonly arn: string;
  readonly name: string;
  readonly creationDate: Millis;
  description: string | undefined;
  routes: readonly Route[];
  updateDate: Millis;
}

export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly creationDate: Millis;
  revision: Revision;
  /** By the version's ARN, oldest first. */
  readonly versions: Map<string, Version>;
  /** Numbers are not reused. [documented] */
  lastVersion: number;
  readonly aliases: Map<string, Alias>;
  readonly tags: Tags;
}

/** What an ARN of a state machine, a version or an alias means at this moment. */
export interface Target {
  readonly machine: StateMachine;
  readonly revision: Revision;
  readonly version: Version | undefined;
  readonly alias: Alias | undefined;
}

export interface StateMachineStore {
  readonly byArn: Map<string, StateMachine>;
  add(machine: Pick<StateMachine, 'arn' | 'name' | 'type' | 'revision' | 'tags'>): StateMachine;
  /** @throws {AwsError} InvalidArn, StateMachineDoesNotExist */
  find(arn: string): StateMachine;
  /** `chance` (0 to 1) chooses among the routes of an alias. @throws {AwsError} InvalidArn, StateMachineDoesNotExist */
  resolve(arn: string, chance: number): Target;
}

export function createStateMachineStore(): StateMachineStore {
  const byArn = new Map<string, StateMachine>();
  return {
    byArn,
    add(given) {
      const own = { versions: new Map(), lastVersion: 0, aliases: new Map() };
      const machine = { ...given, ...own, creationDate: given.revision.updateDate };
      byArn.set(machine.arn, machine);
      return machine;
    },
    find(text) {
      const machine = byArn.get(readArn(text, 'stateMachine').text);
      if (machine === undefined) throw stateMachineDoesNotExist(text);
      return machine;
    },
    resolve(text, chance) {
      const arn = readArn(text, 'stateMachine');
      const machine = byArn.get(unqualified(arn));
      if (machine === undefined) throw stateMachineDoesNotExist(text);
      if (arn.qualifier === undefined) {
        return { machine, revision: machine.revision, version: undefined, alias: undefined };
      }
      const alias = isVersion(arn.qualifier) ? undefined : machine.aliases.get(text);
      const version = machine.versions.get(alias ? choose(alias.routes, chance) : text);
      if (version === undefined) throw stateMachineDoesNotExist(text);
      return { machine, revision: version.revision, version, alias };
    },
  };
}

/** A revision is published once: the second time returns the same version, whatever its description. [documented] */
export function publishVersion(machine: StateMachine, description: string | undefined, now: Millis): Version {
  const { arn, revision } = machine;
  const latest = [...machine.versions.values()].at(-1);
  if (latest?.revision === revision) return latest;
  machine.lastVersion += 1;
  const version = { arn: `${arn}:${machine.lastVersion}`, description, creationDate: now, revision };
  machine.versions.set(version.arn, version);
  return version;
}

/** An alias has one route or two. */
function choose([first, second]: readonly Route[], chance: number): string {
  const route = second !== undefined && chance * 100 >= (first?.weight ?? 0) ? second : first;
  return route?.stateMachineVersionArn ?? '';
}
