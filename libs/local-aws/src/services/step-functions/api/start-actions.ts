import { AwsError } from '../../../kernel/aws-error.ts';
import type { JsonObject } from '../../../kernel/service.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { optional, text, withDefault, type Members } from '../../../kit/reader.ts';
import { checkName, machineResource, statesArn } from '../arn.ts';
import { jsonProblem } from '../json-text.ts';
import { executionAlreadyExists, invalidExecutionInput } from '../refusals.ts';
import type { ExecutionRecord } from '../run/execution-record.ts';
import type { StartRequest } from '../run/execution-store.ts';
import type { Runtime } from '../run/runtime.ts';
import { arn, toSeconds } from './members.ts';

const members = {
  stateMachineArn: arn,
  name: optional(text({ min: 1, max: 80 })),
  input: withDefault(text({ max: 262_144, sensitive: true }), '{}'),
  traceHeader: optional(text({ max: 256 })),
};

export function startActions(runtime: Runtime): Record<string, UnboundAction> {
  const { world, executions } = runtime;
  return {
    /** Idempotent by name and input while the execution runs; in Express every request starts another one. [recorded] */
    StartExecution: action(members, {
      resources: ({ stateMachineArn }) => [machineResource(stateMachineArn)],
      evidence: 'recorded',
      run(given) {
        const request = resolve(runtime, given);
        const { target, name, input } = request;
        const running = executions.known(statesArn(world, 'execution', target.machine.name, name));
        if (running && (running.execution.status !== 'RUNNING' || running.input !== input)) {
          throw executionAlreadyExists(running.arn);
        }
        const record = running ?? begin(runtime, request);
        return { executionArn: record.arn, startDate: toSeconds(record.startDate) };
      },
    }),

    /** Responds when the execution has ended. Standard machines are refused. */
    StartSyncExecution: action(members, {
      resources: ({ stateMachineArn }) => [machineResource(stateMachineArn)],
      evidence: 'documented',
      longPoll: true,
      async run(given) {
        const request = resolve(runtime, given);
        if (request.target.machine.type !== 'EXPRESS') throw typeNotSupported();
        const record = begin(runtime, request);
        await executions.whenEnded(record.arn);
        return describeSync(record);
      },
    }),
  };
}

/** @throws {AwsError} InvalidName, InvalidArn, StateMachineDoesNotExist, InvalidExecutionInput */
function resolve({ world, machines }: Runtime, request: Members<typeof members>): StartRequest {
  const { stateMachineArn, name, input, traceHeader } = request;
  if (name !== undefined) checkName(name);
  const target = machines.resolve(stateMachineArn, world.random());
  const problem = jsonProblem(input);
  if (problem !== undefined) throw invalidExecutionInput(problem);
  return { target, name: name ?? world.uuid(), input, traceHeader };
}

function begin({ executions, driver }: Runtime, request: StartRequest): ExecutionRecord {
  const record = executions.create(request);
  driver.feed(record, { type: 'start' });
  return record;
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
