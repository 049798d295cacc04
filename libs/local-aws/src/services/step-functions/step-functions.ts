import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { activityActions } from './api/activity-actions.ts';
import { aliasActions } from './api/alias-actions.ts';
import { definitionActions } from './api/definition.ts';
import { executionActions } from './api/execution-actions.ts';
import { historyActions } from './api/history-actions.ts';
import { mapRunActions } from './api/map-run-actions.ts';
import { dialect } from './api/members.ts';
import { startActions } from './api/start-actions.ts';
import { stateMachineActions } from './api/state-machine-actions.ts';
import { tagActions } from './api/tag-actions.ts';
import { taskActions } from './api/task-actions.ts';
import { testStateActions } from './api/test-state.ts';
import { versionActions } from './api/version-actions.ts';
import { createIntegrations } from './integrations/integrations.ts';
import type { StandIn } from './run/integration-port.ts';
import { createRuntime } from './run/runtime.ts';

/**
 * AWS Step Functions around the engine of `@baton/asl`, in three layers:
 *
 *   api            the actions, by resource
 *   run            executions: the stores, the driver that carries out what the engine asks for, task tokens
 *   integrations   the calls of other services that tasks make, with the execution's role
 *
 * `api` and `integrations` import `run`, and neither imports the other; `run` calls integrations by a port.
 */
export function createStepFunctions(world: World, standIn?: StandIn): Service {
  const runtime = createRuntime(world, (...parts) => createIntegrations(...parts, standIn));
  return {
    id: 'states',
    resourceFacts: {
      tagsOf: (arn) => (runtime.machines.byArn.get(arn) ?? runtime.activities.byArn.get(arn))?.tags,
    },
    actions: actionsIn(dialect, {
      ...stateMachineActions(runtime),
      ...definitionActions(),
      ...versionActions(runtime),
      ...aliasActions(runtime),
      ...startActions(runtime),
      ...executionActions(runtime),
      ...historyActions(runtime),
      ...mapRunActions(runtime),
      ...taskActions(runtime),
      ...activityActions(runtime),
      ...tagActions(runtime),
      ...testStateActions(runtime),
    }),
  };
}
