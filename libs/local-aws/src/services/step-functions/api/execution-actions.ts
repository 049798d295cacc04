import type { JsonObject } from '../../../kernel/service.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { oneOf, optional, text } from '../../../kit/reader.ts';
import { machineResource } from '../arn.ts';
import { executionNotRedrivable, validation } from '../refusals.ts';
import { childrenOf, type ExecutionView } from '../run/map-run-children.ts';
import { redriveStatus } from '../run/redrive-status.ts';
import type { Runtime } from '../run/runtime.ts';
import { publishStatusChange } from '../run/status-change.ts';
import { arn, includedData, listOf, pageMembers, toSeconds } from './members.ts';
import { describeRevision } from './revision.ts';
import { typeNotSupported } from './start-actions.ts';

/** In the order in which AWS lists them. [recorded] */
const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'] as const;

export function executionActions(runtime: Runtime): Record<string, UnboundAction> {
  const { world, executions } = runtime;
  return {
    ListExecutions: listExecutions(runtime),
    StopExecution: stopExecution(runtime),
    RedriveExecution: redriveExecution(runtime),

    DescribeExecution: action(
      { executionArn: arn, includedData },
      {
        resources: ({ executionArn }) => [executionArn],
        evidence: 'recorded',
        run: (request) =>
          describe(executions.look(request.executionArn), request.includedData === 'ALL_DATA', world.clock.now()),
      },
    ),

    DescribeStateMachineForExecution: action(
      { executionArn: arn, includedData },
      {
        resources: ({ executionArn }) => [executionArn],
        evidence: 'documented',
        run(request) {
          const { machine, revision } = executions.find(request.executionArn);
          return {
            stateMachineArn: machine.arn,
            name: machine.name,
            updateDate: toSeconds(revision.updateDate),
            ...describeRevision(revision, request.includedData),
          };
        },
      },
    ),
  };
}

/** Newest first: of a machine, a version or an alias; or the children of a Map Run. */
const listExecutions = ({ machines, executions }: Runtime): UnboundAction =>
  action(
    {
      stateMachineArn: optional(text({ min: 1, max: 256 })),
      mapRunArn: optional(text({ min: 1, max: 2000 })),
      statusFilter: optional(oneOf(STATUSES)),
      redriveFilter: optional(oneOf(['REDRIVEN', 'NOT_REDRIVEN'])),
      ...pageMembers,
      nextToken: optional(text({ min: 1, max: 3096 })),
    },
    {
      resources: ({ stateMachineArn, mapRunArn }) => [mapRunArn ?? machineResource(stateMachineArn ?? '*')],
      evidence: 'documented',
      run({ stateMachineArn, mapRunArn, statusFilter, redriveFilter, ...request }) {
        if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
          throw validation('Exactly one of stateMachineArn and mapRunArn must be specified');
        }
        const hasStatus = ({ execution, redrive }: ExecutionView): boolean =>
          (statusFilter ?? execution.status) === execution.status &&
          (!redriveFilter || (redriveFilter === 'REDRIVEN') === (redrive !== undefined));
        const listed = (): readonly [readonly ExecutionView[], (view: ExecutionView) => boolean] => {
          if (mapRunArn !== undefined) {
            const { record, run } = executions.findMapRun(mapRunArn);
            return [childrenOf(record, run), hasStatus];
          }
          const { machine, version, alias } = machines.resolve(stateMachineArn ?? '', 0);
          if (machine.type === 'EXPRESS') throw typeNotSupported();
          const isWanted = ({ aliasArn, versionArn }: ExecutionView): boolean =>
            alias ? aliasArn === alias.arn : !version || versionArn === version.arn;
          return [executions.of(machine), (view) => hasStatus(view) && isWanted(view)];
        };
        const [views, keep] = listed();
        const { items, rest } = listOf(views, request, { reverse: true, keep });
        return { executions: items.map(summarise), ...rest };
      },
    },
  );

/** Stopping what has ended changes nothing. */
const stopExecution = ({ world, executions, driver }: Runtime): UnboundAction =>
  action(
    {
      executionArn: arn,
      error: optional(text({ max: 256, sensitive: true })),
      cause: optional(text({ max: 32_768, sensitive: true })),
    },
    {
      resources: ({ executionArn }) => [executionArn],
      evidence: 'documented',
      run({ executionArn, error, cause }) {
        const record = executions.find(executionArn);
        if (record.execution.status === 'RUNNING') {
          const reason = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
          driver.feed(record, { type: 'stop', ...reason });
        }
        return { stopDate: toSeconds(record.execution.stopDate ?? world.clock.now()) };
      },
    },
  );

/** Idempotent by the client's token. */
const redriveExecution = ({ world, executions, driver }: Runtime): UnboundAction =>
  action(
    { executionArn: arn, clientToken: optional(text({ min: 1, max: 64, pattern: /[!-~]+/ })) },
    {
      resources: ({ executionArn }) => [executionArn],
      evidence: 'documented',
      run({ executionArn, clientToken }) {
        const record = executions.find(executionArn);
        const repeats = clientToken !== undefined && clientToken === record.redrive?.clientToken;
        if (record.redrive && repeats) return { redriveDate: toSeconds(record.redrive.date) };
        const date = world.clock.now();
        const { redriveStatusReason: reason } = redriveStatus(record.execution.status, record, date);
        if (reason !== undefined) throw executionNotRedrivable(reason);
        record.redrive = { count: (record.redrive?.count ?? 0) + 1, date, clientToken };
        publishStatusChange(world, record, 'RUNNING');
        executions.reopen(record);
        driver.redrive(record);
        return { redriveDate: toSeconds(date) };
      },
    },
  );

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
