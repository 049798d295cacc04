import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { coral } from '../../kit/dialects.ts';
import { aliasActions } from './alias-actions.ts';
import { createEnvironment, type FunctionLogs } from './environment.ts';
import { createEnvironments, createIdleEnvironments } from './environments.ts';
import { eventInvokeConfigActions } from './event-invoke-config.ts';
import { eventSourceMappingActions, EventSourceMappings } from './event-source-mappings.ts';
import { functionActions, functionQueries } from './function-actions.ts';
import { concurrencyActions } from './function-settings.ts';
import { FunctionStore } from './function-store.ts';
import type { LambdaFunction, Version } from './function.ts';
import { invokeAction } from './invoke.ts';
import type { QueueSignals } from './mapping-pump.ts';
import { permissionActions, policyOf } from './permission-actions.ts';
import { tagActions } from './tag-actions.ts';
import { versionActions, Versions } from './versions.ts';

/** What Lambda needs of other services, beside what it calls as their client. */
export interface LambdaPorts {
  readonly logs: FunctionLogs;
  readonly queues: QueueSignals;
}

export interface Lambda extends Service {
  /**
   * The machines that a function runs on die: its invocations fail, wherever they are (`Runtime.ExitError`).
   * @returns how many ran
   * @throws {AwsError} ResourceNotFoundException
   */
  crash(functionName: string): Promise<number>;
}

/** AWS Lambda: Node.js functions in threads of this process. */
export function createLambda(world: World, { logs, queues }: LambdaPorts): Lambda {
  const functions = new FunctionStore(world);
  const idle = createIdleEnvironments();
  const versions = new Versions(world, (fn, parts) => {
    const create = () => createEnvironment(world, logs, { ...parts, fn });
    return createEnvironments(() => world.clock.now(), idle, create);
  });
  const mappings = new EventSourceMappings(world, functions, queues);
  return {
    id: 'lambda',
    resourceFacts: {
      policyOf: (arn) => policyOf(functions, arn),
      tagsOf: (arn) => functions.byArn(arn)?.tags,
    },
    actions: actionsIn(coral({ lowerFirst: true, details: { Type: 'User' } }), {
      Invoke: invokeAction(functions),
      ...functionActions(functions, versions),
      ...functionQueries(functions),
      ...versionActions(functions, versions),
      ...aliasActions(functions),
      ...concurrencyActions(functions),
      ...eventInvokeConfigActions(functions),
      ...permissionActions(functions),
      ...tagActions(functions, mappings),
      ...eventSourceMappingActions(mappings),
    }),
    async crash(functionName) {
      const crashed = await Promise.all(
        versionsOf(functions.find(functionName)).map((each) => each.environments.crash()),
      );
      return crashed.reduce((sum, count) => sum + count, 0);
    },
    async close() {
      mappings.close();
      const all = [...functions.all.values()].flatMap(versionsOf);
      await Promise.all(all.map((version) => version.environments.end()));
    },
  };
}

const versionsOf = ({ latest, published }: LambdaFunction): Version[] => [latest, ...published.values()];
