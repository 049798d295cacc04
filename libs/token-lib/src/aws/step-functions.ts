/** The adapters over Step Functions, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { Executions, TaskClient } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

/** @param options of `singleCalls`: the SDK's own retry would turn a success into TaskTimedOut (L1) */
export function taskClient(options: ClientOptions): TaskClient {
  const client = once(async () => {
    const { SFNClient, stepFunctionsTaskClient } = await import('./step-functions-task-client.ts');
    return stepFunctionsTaskClient(new SFNClient(options));
  });
  return {
    completeTask: async (token, outcome) => (await client()).completeTask(token, outcome),
    heartbeat: async (token) => (await client()).heartbeat(token),
  };
}

export function executions(options: ClientOptions): Executions {
  const read = once(async () => {
    const { SFNClient, stepFunctionsExecutions } = await import('./step-functions-executions.ts');
    return stepFunctionsExecutions(new SFNClient(options));
  });
  return { fateOf: async (executionArn, token) => (await read()).fateOf(executionArn, token) };
}
