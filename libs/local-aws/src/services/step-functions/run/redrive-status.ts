import type { ExecutionStatus } from '@baton/asl';
import type { Millis } from '../../../kernel/clock/clock.ts';
import type { ExecutionView } from './map-run-children.ts';

const FOURTEEN_DAYS: Millis = 14 * 24 * 3_600_000;
const MAX_EVENTS = 24_999;

export interface RedriveStatus {
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE';
  readonly redriveStatusReason?: string;
}

/** Whether RedriveExecution accepts an execution, and if not, why. [documented: "Restarting executions with redrive"] */
export function redriveStatus(
  status: ExecutionStatus,
  { execution, machine, mapRunArn }: ExecutionView,
  now: Millis,
): RedriveStatus {
  const { stopDate, isRedrivable = true } = execution;
  const no = (redriveStatusReason: string) => ({ redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason }) as const;
  if (mapRunArn !== undefined) return no('Child executions are redriven with their Map Run');
  if (machine.type === 'EXPRESS') return no('Execution of an EXPRESS state machine cannot be redriven');
  if (status === 'RUNNING' || status === 'SUCCEEDED') return no(`Execution is ${status} and cannot be redriven`);
  const isOld = stopDate !== undefined && now - stopDate > FOURTEEN_DAYS;
  if (isOld || !isRedrivable) return no('Execution redrivable period exceeded');
  if (execution.history.length >= MAX_EVENTS) return no('Execution history event limit exceeded');
  return { redriveStatus: 'REDRIVABLE' };
}
