import type { Action, JsonObject, World } from '../service.ts';
import type { Driver } from './driver.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { ExecutionStore } from './execution-store.ts';
import { pageOf } from './pages.ts';
import { redriveStatus } from './redrive-status.ts';
import { executionNotRedrivable } from './refusals.ts';
import { arn, optional, pageMembers, readRequest, required, text } from './request.ts';
import { toSeconds } from './seconds.ts';
import { publishStatusChange } from './status-change.ts';
import { describeRevision } from './state-machine-actions.ts';
import { typeNotSupported } from './start-actions.ts';
import type { StateMachineStore } from './state-machine-store.ts';

/** In the order in which AWS lists them. [recorded] */
const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];
const includedData = optional(text({ oneOf: ['ALL_DATA', 'METADATA_ONLY'] }));

export interface ExecutionActionPorts {
  readonly world: World;
  readonly machines: StateMachineStore;
  readonly executions: ExecutionStore;
  readonly driver: Driver;
}

export function createExecutionActions({
  world,
  machines,
  executions,
  driver,
}: ExecutionActionPorts): Record<string, Action> {
  return {
    DescribeExecution(input) {
      const request = readRequest(input, { executionArn: arn, includedData });
      return describe(
        executions.find(request.executionArn),
        request.includedData !== 'METADATA_ONLY',
        world.clock.now(),
      );
    },

    DescribeStateMachineForExecution(input) {
      const request = readRequest(input, { executionArn: arn, includedData });
      const { machine, revision } = executions.find(request.executionArn);
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        updateDate: toSeconds(revision.updateDate),
        ...describeRevision(revision, request.includedData === 'METADATA_ONLY'),
      };
    },

    /** Newest first. */
    ListExecutions(input) {
      const request = readRequest(input, {
        stateMachineArn: required(text({ min: 1, max: 256 })),
        statusFilter: optional(text({ oneOf: STATUSES })),
        redriveFilter: optional(text({ oneOf: ['REDRIVEN', 'NOT_REDRIVEN'] })),
        ...pageMembers,
      });
      const { machine, version, alias } = machines.resolve(request.stateMachineArn, 0);
      if (machine.type === 'EXPRESS') throw typeNotSupported();
      const isWanted = (record: ExecutionRecord): boolean =>
        (request.statusFilter ?? record.execution.status) === record.execution.status &&
        (!request.redriveFilter || (request.redriveFilter === 'REDRIVEN') === (record.redrive !== undefined)) &&
        (alias ? record.aliasArn === alias.arn : !version || record.versionArn === version.arn);
      const { items, ...rest } = pageOf(machine.executions, request, { reverse: true, keep: isWanted });
      return { executions: items.map(summarise), ...rest };
    },

    StopExecution(input) {
      const request = readRequest(input, {
        executionArn: arn,
        error: optional(text({ max: 256, sensitive: true })),
        cause: optional(text({ max: 32_768, sensitive: true })),
      });
      const record = executions.find(request.executionArn);
      const { error, cause } = request;
      if (record.execution.status === 'RUNNING') {
        driver.feed(record, {
          type: 'stop',
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        });
      }
      return { stopDate: toSeconds(record.execution.stopDate ?? world.clock.now()) };
    },

    /** Idempotent by the client's token. */
    RedriveExecution(input) {
      const request = readRequest(input, {
        executionArn: arn,
        clientToken: optional(text({ min: 1, max: 64, pattern: /[!-~]+/ })),
      });
      const record = executions.find(request.executionArn);
      const { clientToken } = request;
      if (clientToken === undefined || clientToken !== record.redrive?.clientToken) {
        const date = world.clock.now();
        const { redriveStatusReason: reason } = redriveStatus(record.execution.status, record, date);
        if (reason !== undefined) throw executionNotRedrivable(reason);
        record.redrive = { count: (record.redrive?.count ?? 0) + 1, date, clientToken };
        publishStatusChange(world, record, 'RUNNING');
        driver.redrive(record);
      }
      return { redriveDate: toSeconds(record.redrive?.date ?? 0) };
    },
  };
}

/** What ListExecutions and DescribeExecution have in common. */
function summarise(record: ExecutionRecord): JsonObject {
  const { execution, versionArn, aliasArn, redrive } = record;
  return {
    executionArn: record.arn,
    stateMachineArn: record.machine.arn,
    name: record.name,
    status: execution.status,
    startDate: toSeconds(record.startDate),
    ...(execution.stopDate !== undefined && { stopDate: toSeconds(execution.stopDate) }),
    ...(versionArn !== undefined && { stateMachineVersionArn: versionArn }),
    ...(aliasArn !== undefined && { stateMachineAliasArn: aliasArn }),
    redriveCount: redrive?.count ?? 0,
    ...(redrive && { redriveDate: toSeconds(redrive.date) }),
  };
}

function describe(record: ExecutionRecord, withData: boolean, now: number): JsonObject {
  const { output, error, cause } = record.execution;
  const details = { included: withData };
  return {
    ...summarise(record),
    ...(withData && { input: record.input }),
    inputDetails: details,
    ...(output !== undefined && { ...(withData && { output }), outputDetails: details }),
    ...(error !== undefined && withData && { error }),
    ...(cause !== undefined && withData && { cause }),
    ...(record.traceHeader !== undefined && { traceHeader: record.traceHeader }),
    ...redriveStatus(record.execution.status, record, now),
  };
}
