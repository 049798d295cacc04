import type { StateMachine as Machine } from '@baton/asl';
import type { Millis } from '../../../kernel/clock/clock.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { isVersion, parseArn, unqualified, type StatesArn } from '../api/arn.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { stateMachineDoesNotExist } from '../api/refusals.ts';

/** What an execution runs: never changed, only replaced. */
export interface Revision {
  /** Absent until the first update, as on AWS; then it is `INITIAL` where a client names it. */
  readonly id: string | undefined;
  readonly definition: string;
  readonly machine: Machine;
  readonly roleArn: string;
  readonly loggingConfiguration: JsonObject;
  readonly tracingConfiguration: JsonObject;
  readonly encryptionConfiguration: JsonObject | undefined;
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
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly creationDate: Millis;
  revision: Revision;
  /** By the version's ARN, oldest first. */
  readonly versions: Map<string, Version>;
  /** Numbers are not used again. */
  lastVersion: number;
  readonly aliases: Map<string, Alias>;
  readonly tags: Map<string, string>;
  /** Oldest first. */
  readonly executions: ExecutionRecord[];
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
  /** @throws {AwsError} InvalidArn, StateMachineDoesNotExist */
  find(arn: string): StateMachine;
  /** `chance` (0 to 1) chooses among the routes of an alias. @throws {AwsError} InvalidArn, StateMachineDoesNotExist */
  resolve(arn: string, chance: number): Target;
}

export function createStateMachineStore(): StateMachineStore {
  const byArn = new Map<string, StateMachine>();

  const owner = (arn: StatesArn): StateMachine => {
    const machine = byArn.get(unqualified(arn));
    if (machine === undefined) throw stateMachineDoesNotExist(arn.text);
    return machine;
  };

  return {
    byArn,
    find(text) {
      const machine = byArn.get(parseArn(text, 'stateMachine').text);
      if (machine === undefined) throw stateMachineDoesNotExist(text);
      return machine;
    },
    resolve(text, chance) {
      const arn = parseArn(text, 'stateMachine');
      const machine = owner(arn);
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

function choose(routes: readonly Route[], chance: number): string {
  const [first, second] = routes as [Route, Route | undefined];
  return second !== undefined && chance * 100 >= first.weight
    ? second.stateMachineVersionArn
    : first.stateMachineVersionArn;
}
