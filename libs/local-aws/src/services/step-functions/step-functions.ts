import { legacy } from '../../kit/legacy.ts';
import { createHash } from 'node:crypto';
import type { EnginePorts } from '@baton/asl';
import type { Service, World } from '../../kernel/service.ts';
import { createActivities } from './run/activities.ts';
import { createActivityActions } from './api/activity-actions.ts';
import { createAliasActions } from './api/alias-actions.ts';
import { createDriver } from './run/driver.ts';
import { createExecutionActions } from './api/execution-actions.ts';
import type { Attempt } from './run/execution-record.ts';
import { createExecutionStore } from './run/execution-store.ts';
import { createHistoryActions } from './api/history-actions.ts';
import { createIntegrations } from './integrations/integration.ts';
import { createMapRunActions } from './api/map-run-actions.ts';
import { createStartActions } from './api/start-actions.ts';
import { createStateMachineActions } from './api/state-machine-actions.ts';
import { createStateMachineStore } from './run/state-machine-store.ts';
import { createTagActions } from './api/tag-actions.ts';
import { createTaskActions } from './api/task-actions.ts';
import { createTaskTokens } from './run/task-tokens.ts';
import { createTestStateAction } from './api/test-state.ts';
import { createVersionActions } from './api/version-actions.ts';

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
    actions: legacy({
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
    }),
  };
}
