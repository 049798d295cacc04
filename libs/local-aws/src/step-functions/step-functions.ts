import { createHash } from 'node:crypto';
import type { EnginePorts } from '@baton/asl';
import type { Service, World } from '../service.ts';
import { createActivities } from './activities.ts';
import { createActivityActions } from './activity-actions.ts';
import { createAliasActions } from './alias-actions.ts';
import { createDriver } from './driver.ts';
import { createExecutionActions } from './execution-actions.ts';
import type { Attempt } from './execution-record.ts';
import { createExecutionStore } from './execution-store.ts';
import { createHistoryActions } from './history-actions.ts';
import { createIntegrations } from './integrations/integration.ts';
import { createMapRunActions } from './map-run-actions.ts';
import { createStartActions } from './start-actions.ts';
import { createStateMachineActions } from './state-machine-actions.ts';
import { createStateMachineStore } from './state-machine-store.ts';
import { createTagActions } from './tag-actions.ts';
import { createTaskActions } from './task-actions.ts';
import { createTaskTokens } from './task-tokens.ts';
import { createTestStateAction } from './test-state.ts';
import { createVersionActions } from './version-actions.ts';

/** AWS Step Functions: the API and the driver around the engine of `@baton/asl`. */
export function createStepFunctions(world: World): Service {
  const tokens = createTaskTokens<Attempt>();
  const activities = createActivities(world.clock);
  const ports: EnginePorts = {
    uuid: () => world.uuid(),
    random: () => world.random(),
    hash: (algorithm, text) => createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex'),
    mintToken: () => tokens.mint(),
    activityExists: (arn) => activities.byArn.has(arn),
  };
  const machines = createStateMachineStore();
  const executions = createExecutionStore(world, ports);
  const callIntegration = createIntegrations(world, executions.whenEnded);
  const driver = createDriver({ world, tokens, activities, callIntegration, ended: executions.ended });
  return {
    id: 'states',
    actions: {
      ...createStateMachineActions(world, machines),
      ...createVersionActions(world, machines),
      ...createAliasActions(world, machines),
      ...createStartActions({ world, machines, executions, driver }),
      ...createExecutionActions({ world, machines, executions, driver }),
      ...createHistoryActions(executions),
      ...createMapRunActions(executions),
      ...createTaskActions(tokens, driver),
      ...createActivityActions(world, activities),
      ...createTagActions(machines, activities),
      TestState: createTestStateAction(world, ports, callIntegration),
    },
  };
}
