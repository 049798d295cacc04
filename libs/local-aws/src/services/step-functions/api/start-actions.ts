import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { checkName, formatArn } from './arn.ts';
import type { ExecutionActionPorts } from './execution-actions.ts';
import type { ExecutionRecord } from '../run/execution-record.ts';
import type { StartRequest } from '../run/execution-store.ts';
import { jsonProblem } from './json-text.ts';
import { executionAlreadyExists, invalidExecutionInput } from './refusals.ts';
import { arn, optional, readRequest, text } from './request.ts';
import { toSeconds } from './seconds.ts';

const members = {
  stateMachineArn: arn,
  name: optional(text({ min: 1, max: 80 })),
  input: optional(text({ max: 262_144, sensitive: true })),
  traceHeader: optional(text({ max: 256 })),
};

export function createStartActions(ports: ExecutionActionPorts): Record<string, Action> {
  const { world, machines, executions, driver } = ports;

  const read = (input: JsonObject): StartRequest => {
    const request = readRequest(input, members);
    if (request.name !== undefined) checkName(request.name);
    const target = machines.resolve(request.stateMachineArn, world.random());
    const executionInput = request.input ?? '{}';
    const problem = jsonProblem(executionInput);
    if (problem !== undefined) throw invalidExecutionInput(problem);
    return { target, name: request.name ?? world.uuid(), input: executionInput, traceHeader: request.traceHeader };
  };
  const begin = (request: StartRequest): ExecutionRecord => {
    const record = executions.create(request);
    driver.feed(record, { type: 'start' });
    return record;
  };
  const running = ({ target, name, input }: StartRequest): ExecutionRecord | undefined => {
    const executionArn = formatArn(world, 'execution', target.machine.name, name);
    const record = executions.byArn.get(executionArn);
    if (record === undefined || (record.execution.status === 'RUNNING' && record.input === input)) return record;
    throw executionAlreadyExists(executionArn);
  };

  return {
    /** Idempotent by name and input while the execution runs; in Express every request starts another one. */
    StartExecution(input) {
      const request = read(input);
      const record = running(request) ?? begin(request);
      return { executionArn: record.arn, startDate: toSeconds(record.startDate) };
    },

    /** Answers when the execution has ended. Standard machines have no such thing. */
    async StartSyncExecution(input) {
      const request = read(input);
      if (request.target.machine.type !== 'EXPRESS') throw typeNotSupported();
      const record = begin(request);
      await executions.whenEnded(record.arn);
      return describeSync(record);
    },
  };
}

export const typeNotSupported = (): AwsError =>
  new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');

function describeSync(record: ExecutionRecord): JsonObject {
  const { status, output, error, cause, stopDate = record.startDate } = record.execution;
  const hundreds = Math.max(1, Math.ceil((stopDate - record.startDate) / 100));
  return {
    executionArn: record.arn,
    stateMachineArn: record.machine.arn,
    name: record.name,
    startDate: toSeconds(record.startDate),
    stopDate: toSeconds(stopDate),
    status,
    input: record.input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(record.traceHeader !== undefined && { traceHeader: record.traceHeader }),
    billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: hundreds * 100 },
  };
}
