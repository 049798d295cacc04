import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { JsonObject, World } from '../../../kernel/service.ts';
import type { Driver } from '../run/driver.ts';
import type { ExecutionStore } from '../run/execution-store.ts';
import { pageOf } from './pages.ts';
import { redriveStatus } from './redrive-status.ts';
import { childrenOf, type ExecutionView } from '../run/map-run-children.ts';
import { executionNotRedrivable, validation } from './refusals.ts';
import { arn, optional, pageMembers, readRequest, text } from './request.ts';
import { toSeconds } from './seconds.ts';
import { publishStatusChange } from '../run/status-change.ts';
import { describeRevision } from './state-machine-actions.ts';
import { typeNotSupported } from './start-actions.ts';
import type { StateMachineStore } from '../run/state-machine-store.ts';

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
  /** Of a machine, a version or an alias; or the children of a Map Run. */
  const listed = (request: Listed): { list: readonly ExecutionView[]; isWanted: (view: ExecutionView) => boolean } => {
    if ((request.stateMachineArn === undefined) === (request.mapRunArn === undefined)) {
      throw validation('Exactly one of stateMachineArn and mapRunArn must be specified');
    }
    if (request.mapRunArn !== undefined) {
      const { record, run } = executions.findMapRun(request.mapRunArn);
      return { list: childrenOf(record, run), isWanted: () => true };
    }
    const { machine, version, alias } = machines.resolve(request.stateMachineArn ?? '', 0);
    if (machine.type === 'EXPRESS') throw typeNotSupported();
    const isWanted = ({ aliasArn, versionArn }: ExecutionView): boolean =>
      alias ? aliasArn === alias.arn : !version || versionArn === version.arn;
    return { list: machine.executions, isWanted };
  };

  return {
    DescribeExecution(input) {
      const request = readRequest(input, { executionArn: arn, includedData });
      return describe(
        executions.look(request.executionArn),
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
        stateMachineArn: optional(text({ min: 1, max: 256 })),
        mapRunArn: optional(text({ min: 1, max: 2000 })),
        statusFilter: optional(text({ oneOf: STATUSES })),
        redriveFilter: optional(text({ oneOf: ['REDRIVEN', 'NOT_REDRIVEN'] })),
        ...pageMembers,
      });
      const hasStatus = ({ execution, redrive }: ExecutionView): boolean =>
        (request.statusFilter ?? execution.status) === execution.status &&
        (!request.redriveFilter || (request.redriveFilter === 'REDRIVEN') === (redrive !== undefined));
      const { list, isWanted } = listed(request);
      const keep = (view: ExecutionView): boolean => hasStatus(view) && isWanted(view);
      const { items, ...rest } = pageOf(list, request, { reverse: true, keep });
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

interface Listed {
  readonly stateMachineArn: string | undefined;
  readonly mapRunArn: string | undefined;
}

/** What ListExecutions and DescribeExecution have in common. */
function summarise(record: ExecutionView): JsonObject {
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
    ...(record.mapRunArn !== undefined && { mapRunArn: record.mapRunArn }),
    redriveCount: redrive?.count ?? 0,
    ...(redrive && { redriveDate: toSeconds(redrive.date) }),
  };
}

function describe(record: ExecutionView, withData: boolean, now: number): JsonObject {
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
