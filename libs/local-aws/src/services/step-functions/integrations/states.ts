import type { Json } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { json, number, optional, required, text, type Members } from '../../../kit/reader.ts';
import { readResponse } from '../../../kit/response.ts';
import { parseJson } from '../json-text.ts';
import type { TaskOutcome, TaskProgress } from '../run/integration-port.ts';
import { jsonText, objectOf, present, readParameters } from './parameters.ts';
import { jsonMembersOf, withMetadata } from './responses.ts';
import { sdk1Failure, type SdkNames } from './sdk-failures.ts';
import type { TaskCall } from './task-call.ts';

const UNMODELLED = new Set(['AccessDeniedException', 'ThrottlingException']);
const NAMES: SdkNames = {
  prefix: 'StepFunctions',
  base: 'AWSStepFunctionsException',
  service: 'AWSStepFunctions',
  models: (code) => !UNMODELLED.has(code),
};

const shape = {
  StateMachineArn: optional(json),
  Input: jsonText,
  Name: optional(json),
  TraceHeader: optional(json),
};
const startedShape = { executionArn: required(text()), startDate: required(number()) };
const describedShape = {
  ...startedShape,
  stateMachineArn: required(text()),
  name: required(text()),
  status: required(text()),
  input: optional(text()),
  output: optional(text()),
  error: optional(text()),
  cause: optional(text()),
  stopDate: optional(number()),
};

/** `states:startExecution`. Input may be any JSON; none, or null, is `{}`. Dates are milliseconds. [recorded] */
export async function callStates({ world, parameters, caller }: TaskCall): Promise<Json> {
  const { StateMachineArn, Input, Name, TraceHeader } = readParameters(parameters, shape);
  const input = { stateMachineArn: StateMachineArn, input: Input, name: Name, traceHeader: TraceHeader };
  let response: JsonObject;
  try {
    response = await world.call(caller, 'states:StartExecution', present(input));
  } catch (error) {
    throw sdk1Failure(world, NAMES, error);
  }
  const { executionArn, startDate } = readResponse(startedShape, response);
  return withMetadata(world, { ExecutionArn: executionArn, StartDate: Math.round(startDate * 1000) });
}

/** `.sync` and `.sync:2`: waits for the execution's end. If the attempt is abandoned, the execution is stopped. */
export async function followExecution(
  { world, caller, whenEnded }: TaskCall,
  pattern: 'sync' | 'sync:2',
  started: Json,
  progress: TaskProgress,
): Promise<void> {
  const { ExecutionArn: executionArn } = readResponse({ ExecutionArn: required(text()) }, objectOf(started));
  progress.onAbandon(() => void world.call(caller, 'states:StopExecution', { executionArn }));
  await whenEnded(executionArn);
  const response = await world.call(caller, 'states:DescribeExecution', { executionArn });
  progress.settled(outcomeOf(readResponse(describedShape, response), pattern));
}

function outcomeOf(description: Members<typeof describedShape>, pattern: 'sync' | 'sync:2'): TaskOutcome {
  const shown = JSON.stringify(inPascalCase(description, pattern === 'sync:2'));
  if (description.status === 'SUCCEEDED') return { type: 'taskSucceeded', output: shown };
  return { type: 'taskFailed', error: 'States.TaskFailed', cause: shown };
}

/** The description as the SDK shows it; `.sync:2` gives input and output as JSON, `.sync` as text. [recorded] */
function inPascalCase(description: Members<typeof describedShape>, parsed: boolean): Json {
  const payload = (given: string | undefined): Json | undefined =>
    parsed && given !== undefined ? parseJson(given) : given;
  const { startDate, stopDate } = description;
  return jsonMembersOf({
    Cause: description.cause,
    Error: description.error,
    ExecutionArn: description.executionArn,
    Input: payload(description.input),
    InputDetails: { Included: true },
    Name: description.name,
    Output: payload(description.output),
    ...(description.output !== undefined && { OutputDetails: { Included: true } }),
    StartDate: Math.round(startDate * 1000),
    StateMachineArn: description.stateMachineArn,
    Status: description.status,
    StopDate: stopDate === undefined ? undefined : Math.round(stopDate * 1000),
  });
}
