import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { MapRun } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import type { ExecutionStore } from '../run/execution-store.ts';
import { pageOf } from './pages.ts';
import { validation } from './refusals.ts';
import { arn, longArn, number, optional, pageMembers, readRequest } from './request.ts';
import { toSeconds } from './seconds.ts';

/** A distributed Map's run. Its children are listed by ListExecutions. */
export function createMapRunActions(executions: ExecutionStore): Record<string, Action> {
  return {
    ListMapRuns(input) {
      const { executionArn, ...request } = readRequest(input, { executionArn: arn, ...pageMembers });
      const record = executions.find(executionArn);
      const { items, ...rest } = pageOf(record.execution.mapRuns, request);
      const mapRuns = items.map((run) => ({
        ...summarise(run, executionArn),
        stateMachineArn: record.machine.arn,
      }));
      return { mapRuns, ...rest };
    },

    DescribeMapRun(input) {
      const { record, run } = executions.findMapRun(readRequest(input, { mapRunArn: longArn }).mapRunArn);
      return {
        ...summarise(run, record.arn),
        status: run.status,
        maxConcurrency: run.maxConcurrency,
        toleratedFailurePercentage: run.tolerance.percentage ?? 0,
        toleratedFailureCount: run.tolerance.count ?? 0,
        itemCounts: counts(run, run.items),
        executionCounts: counts(run, run.total),
        redriveCount: run.redriveCount,
      };
    },

    UpdateMapRun(input) {
      const request = readRequest(input, {
        mapRunArn: longArn,
        maxConcurrency: optional(number({ min: 0 })),
        toleratedFailurePercentage: optional(number({ min: 0, max: 100 })),
        toleratedFailureCount: optional(number({ min: 0 })),
      });
      const { run } = executions.findMapRun(request.mapRunArn);
      if (run.status !== 'RUNNING') throw validation(`Map Run is ${run.status} and cannot be updated`);
      run.maxConcurrency = request.maxConcurrency ?? run.maxConcurrency;
      run.tolerance = {
        count: request.toleratedFailureCount ?? run.tolerance.count,
        percentage: request.toleratedFailurePercentage ?? run.tolerance.percentage,
      };
      return {};
    },
  };
}

const summarise = (run: MapRun, executionArn: string): JsonObject => ({
  mapRunArn: run.arn,
  executionArn,
  startDate: toSeconds(run.startDate),
  ...(run.stopDate !== undefined && { stopDate: toSeconds(run.stopDate) }),
});

/** Of children; of their items where a batch has more than one, in proportion. */
function counts(run: MapRun, total: number): JsonObject {
  const share = run.total === 0 ? 0 : total / run.total;
  const scaled = Object.entries(run.counts).map(([status, count]) => [status, Math.round(count * share)] as const);
  return {
    ...Object.fromEntries<number>(scaled),
    timedOut: 0,
    total,
    resultsWritten: 0,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  };
}
