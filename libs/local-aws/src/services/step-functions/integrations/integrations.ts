import type { Json } from '@baton/asl';
import { roleCaller } from '../../../kernel/caller.ts';
import type { World } from '../../../kernel/service.ts';
import { parseJson } from '../json-text.ts';
import type { CallIntegration, StandIn, TaskProgress } from '../run/integration-port.ts';
import { callAwsSdk } from './aws-sdk.ts';
import { callDynamoDb } from './dynamodb.ts';
import { callEvents } from './events.ts';
import { callLambda, invokeFunction } from './lambda.ts';
import { callSns } from './sns.ts';
import { callSqs } from './sqs.ts';
import { callStates, followExecution } from './states.ts';
import { TaskFailure, type TaskCall } from './task-call.ts';

/** Calls the resources of tasks with the execution's role, and waits if the pattern says so. Every failure becomes the task's outcome. */
export function createIntegrations(
  world: World,
  whenEnded: TaskCall['whenEnded'],
  standIn: StandIn = async () => undefined,
): CallIntegration {
  return async (effect, execution, progress) => {
    const { resource } = effect;
    const parameters = parseJson(effect.parameters);
    const call: TaskCall = {
      world,
      resource,
      parameters,
      execution,
      caller: roleCaller(world, execution.roleArn, execution.name),
      whenEnded,
    };
    const pattern = resource.kind === 'integration' ? resource.pattern : 'requestResponse';
    try {
      const given = await standIn(effect, execution);
      if (given !== undefined) return accept(progress, pattern, given);
      const output = await callResource(call);
      if (pattern === 'requestResponse') {
        progress.settled({ type: 'taskSucceeded', output: JSON.stringify(output) });
        return;
      }
      progress.submitted(JSON.stringify(output));
      // The attempt may have ended meanwhile, by an early report or a timeout: then there is nothing to follow.
      if (pattern !== 'waitForTaskToken' && progress.isOpen()) await followExecution(call, pattern, output, progress);
    } catch (error) {
      progress.settled({ type: 'taskFailed', ...toFailure(error) });
    }
  };
}

/** What stands in for a service has done all that the service would, but for a callback. */
function accept(progress: TaskProgress, pattern: string, output: string): void {
  if (pattern === 'waitForTaskToken') progress.submitted(output);
  else progress.settled({ type: 'taskSucceeded', output });
}

function callResource(call: TaskCall): Promise<Json> {
  const { resource } = call;
  if (resource.kind === 'lambda') return invokeFunction(call, resource.functionArn);
  if (resource.kind === 'activity') throw new TypeError('An activity is polled, not called');
  const { service, action } = resource;
  if (service.startsWith('aws-sdk:')) return callAwsSdk(call, service.slice('aws-sdk:'.length), action);
  const integration = OPTIMISED[service];
  if (integration) return integration(call, action);
  throw new TaskFailure('States.Runtime', `The integration ${service}:${action} is not supported by local AWS`);
}

const OPTIMISED: Readonly<Record<string, (call: TaskCall, action: string) => Promise<Json>>> = {
  dynamodb: callDynamoDb,
  events: callEvents,
  lambda: callLambda,
  sns: callSns,
  sqs: callSqs,
  states: callStates,
};

/** Any other error is a fault of this program: it fails the task and is printed as a warning. */
function toFailure(error: unknown): { error: string; cause: string } {
  if (error instanceof TaskFailure) return { error: error.error, cause: error.message };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`local AWS failed: ${text}`);
  return { error: 'States.Runtime', cause: text.split('\n')[0] ?? '' };
}
