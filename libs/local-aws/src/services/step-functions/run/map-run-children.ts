import type { ExecutionStatus, MapRun } from '@baton/asl';
import type { ExecutionFacts, ExecutionRecord } from './execution-record.ts';
import type { StateMachine } from './state-machine-store.ts';

/** What is needed to describe or list an execution or read its history: of ordinary executions and of children of Map Runs. */
export interface ExecutionView extends Pick<
  ExecutionRecord,
  'arn' | 'name' | 'input' | 'startDate' | 'traceHeader' | 'versionArn' | 'aliasArn' | 'redrive'
> {
  readonly machine: Pick<StateMachine, 'arn' | 'type'>;
  readonly execution: Omit<ExecutionFacts, 'mapRuns'>;
  readonly mapRunArn?: string;
}

/** The children of a Map Run, which run inside their parent, as executions in the order of their start. */
export function childrenOf(parent: ExecutionRecord, run: MapRun): ExecutionView[] {
  return run.children.filter((child) => child !== undefined).map((child) => viewOf(parent, run, child));
}

function viewOf(parent: ExecutionRecord, run: MapRun, child: MapRun['children'][number]): ExecutionView {
  const { identity, output, failure, history } = child;
  const status = statusOf(run, child);
  const last = history.events.at(-1);
  return {
    arn: identity.executionArn,
    name: identity.name,
    machine: { arn: identity.stateMachineArn, type: parent.machine.type },
    input: child.input.text,
    startDate: identity.startTime,
    traceHeader: undefined,
    versionArn: undefined,
    aliasArn: undefined,
    redrive: undefined,
    mapRunArn: run.arn,
    execution: {
      status,
      output: output?.text,
      error: failure?.error,
      cause: failure?.cause,
      stopDate: status === 'RUNNING' ? undefined : (last?.timestamp ?? identity.startTime),
      history: history.events,
    },
  };
}

function statusOf(run: MapRun, { output, failure }: MapRun['children'][number]): ExecutionStatus {
  if (output) return 'SUCCEEDED';
  if (failure) return 'FAILED';
  return run.status === 'RUNNING' ? 'RUNNING' : 'ABORTED';
}
