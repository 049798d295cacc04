import { createHash } from 'node:crypto';
import type { EnginePorts } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';
import { createActivities, type Activities } from './activities.ts';
import { Driver } from './driver.ts';
import type { Attempt } from './execution-record.ts';
import { ExecutionStore } from './execution-store.ts';
import type { CallIntegration } from './integration-port.ts';
import { createStateMachineStore, type StateMachineStore } from './state-machine-store.ts';
import { createTaskTokens, type TaskTokens } from './task-tokens.ts';

/** The state of the service: everything that the API acts on. */
export interface Runtime {
  readonly world: World;
  readonly ports: EnginePorts;
  readonly machines: StateMachineStore;
  readonly executions: ExecutionStore;
  readonly activities: Activities;
  readonly tokens: TaskTokens<Attempt>;
  readonly driver: Driver;
  readonly callIntegration: CallIntegration;
}

/** `integrations` creates the port by which tasks call services; its `whenEnded` resolves when an execution has ended. */
export function createRuntime(
  world: World,
  integrations: (world: World, whenEnded: (executionArn: string) => Promise<void>) => CallIntegration,
): Runtime {
  const tokens = createTaskTokens<Attempt>();
  const activities = createActivities(world.clock);
  const ports: EnginePorts = {
    uuid: () => world.uuid(),
    random: () => world.random(),
    hash: (algorithm, text) => createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex'),
    mintToken: (_task, { resource, identity }) =>
      tokens.mint(resource.kind === 'activity' ? resource.activityArn : parentMachine(identity.stateMachineArn)),
    activityExists: (arn) => activities.byArn.has(arn),
  };
  const executions = new ExecutionStore(world, ports);
  const callIntegration = integrations(world, (arn) => executions.whenEnded(arn));
  return {
    world,
    ports,
    machines: createStateMachineStore(),
    executions,
    activities,
    tokens,
    driver: new Driver({ world, tokens, activities, callIntegration, ended: (record) => executions.ended(record) }),
    callIntegration,
  };
}

/** The children of a Map Run run as `MACHINE/LABEL`. */
const parentMachine = (stateMachineArn: string): string => stateMachineArn.replace(/\/.*/, '');
