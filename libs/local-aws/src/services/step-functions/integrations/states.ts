import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import type { TaskCall, TaskOutcome, TaskProgress } from './integration.ts';
import { objectOf, present, textOf } from './parameters.ts';
import { withMetadata } from './sdk-metadata.ts';
import { sdk1Failure, type SdkNames } from './task-failure.ts';

const UNMODELLED = new Set(['AccessDeniedException', 'ThrottlingException']);
const NAMES: SdkNames = {
  prefix: 'StepFunctions',
  base: 'AWSStepFunctionsException',
  service: 'AWSStepFunctions',
  models: (code) => !UNMODELLED.has(code),
};

/** `states:startExecution`. Input may be any JSON; none, or null, is `{}`. Dates are milliseconds. */
export async function callStates({ world, parameters, caller }: TaskCall): Promise<Json> {
  const { StateMachineArn, Input, Name, TraceHeader } = objectOf(parameters);
  const input = { stateMachineArn: StateMachineArn, input: textOf(Input), name: Name, traceHeader: TraceHeader };
  try {
    const answer = await world.call(caller, 'states:StartExecution', present(input));
    return withMetadata(world, {
      ExecutionArn: answer['executionArn'],
      StartDate: Math.round((answer['startDate'] as number) * 1000),
    });
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
}

/** `.sync` and `.sync:2`: waits for the execution's end. An attempt that is abandoned stops it. */
export async function followExecution(
  call: TaskCall,
  pattern: 'sync' | 'sync:2',
  started: Json,
  progress: TaskProgress,
): Promise<void> {
  const executionArn = objectOf(started)['ExecutionArn'] as string;
  progress.onAbandon(() => void call.world.call(call.caller, 'states:StopExecution', { executionArn }));
  await call.whenEnded(executionArn);
  const description = await call.world.call(call.caller, 'states:DescribeExecution', { executionArn });
  progress.settled(outcomeOf(description, pattern));
}

function outcomeOf(description: JsonObject, pattern: 'sync' | 'sync:2'): TaskOutcome {
  const { status } = description;
  const answer = JSON.stringify(inPascalCase(description, pattern === 'sync:2'));
  if (status === 'SUCCEEDED') return { type: 'taskSucceeded', output: answer };
  return { type: 'taskFailed', error: 'States.TaskFailed', cause: answer };
}

/** The description as the SDK shows it; `.sync:2` gives input and output as JSON, `.sync` as text. */
function inPascalCase(description: JsonObject, parsed: boolean): Json {
  const payload = (text: unknown): unknown => (parsed && typeof text === 'string' ? JSON.parse(text) : text);
  const millis = (seconds: unknown): number => Math.round((seconds as number) * 1000);
  return present({
    Cause: description['cause'],
    Error: description['error'],
    ExecutionArn: description['executionArn'],
    Input: payload(description['input']),
    InputDetails: { Included: true },
    Name: description['name'],
    Output: payload(description['output']),
    ...(description['output'] !== undefined && { OutputDetails: { Included: true } }),
    StartDate: millis(description['startDate']),
    StateMachineArn: description['stateMachineArn'],
    Status: description['status'],
    StopDate: millis(description['stopDate']),
  }) as Json;
}
