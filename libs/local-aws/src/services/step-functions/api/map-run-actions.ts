import type { MapRun } from '@baton/asl';
import type { JsonObject } from '../../../kernel/service.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { integer, number, optional } from '../../../kit/reader.ts';
import { validation } from '../refusals.ts';
import type { Runtime } from '../run/runtime.ts';
import { arn, listOf, longArn, pageMembers, toSeconds } from './members.ts';

/** A distributed Map's run. Its children are listed by ListExecutions. */
export function mapRunActions({ executions }: Runtime): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    ListMapRuns: action(
      { executionArn: arn, ...pageMembers },
      {
        resources: ({ executionArn }) => [executionArn],
        evidence,
        run({ executionArn, ...request }) {
          const { execution, machine } = executions.find(executionArn);
          const { items, rest } = listOf(execution.mapRuns, request);
          const mapRuns = items.map((run) => ({ ...summarise(run, executionArn), stateMachineArn: machine.arn }));
          return { mapRuns, ...rest };
        },
      },
    ),

    DescribeMapRun: action(
      { mapRunArn: longArn },
      {
        resources: ({ mapRunArn }) => [mapRunArn],
        evidence,
        run({ mapRunArn }) {
          const { record, run } = executions.findMapRun(mapRunArn);
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
      },
    ),

    UpdateMapRun: action(
      {
        mapRunArn: longArn,
        maxConcurrency: optional(integer({ min: 0 })),
        toleratedFailurePercentage: optional(number({ min: 0, max: 100 })),
        toleratedFailureCount: optional(integer({ min: 0 })),
      },
      {
        resources: ({ mapRunArn }) => [mapRunArn],
        evidence,
        run({ mapRunArn, maxConcurrency, toleratedFailurePercentage, toleratedFailureCount }) {
          const { run } = executions.findMapRun(mapRunArn);
          if (run.status !== 'RUNNING') throw validation(`Map Run is ${run.status} and cannot be updated`);
          run.maxConcurrency = maxConcurrency ?? run.maxConcurrency;
          run.tolerance = {
            count: toleratedFailureCount ?? run.tolerance.count,
            percentage: toleratedFailurePercentage ?? run.tolerance.percentage,
          };
          return {};
        },
      },
    ),
  };
}

const summarise = (run: MapRun, executionArn: string): JsonObject => ({
  mapRunArn: run.arn,
  executionArn,
  startDate: toSeconds(run.startDate),
  ...(run.stopDate !== undefined && { stopDate: toSeconds(run.stopDate) }),
});

/** Of children; of their items where a batch has more than one, in proportion. [guessed] */
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
