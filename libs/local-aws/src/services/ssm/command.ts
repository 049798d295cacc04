import type { Millis } from '../../kernel/clock/clock.ts';
import type { AgentHost } from '../../kit/host.ts';
import type { ParameterLists } from './parameter-values.ts';
import type { RenderedDocument } from './render-steps.ts';

export type Status = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelling' | 'Cancelled';

export interface StatusWithDetails {
  readonly status: Status;
  /** Finer than the status, e.g. `Delivery Timed Out`. */
  readonly details: string;
}

export interface StepResult {
  readonly name: string;
  readonly status: Status;
  /** -1: not started. 137: killed, by a cancel or by the execution timeout. */
  readonly responseCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAt?: Millis;
  readonly endedAt?: Millis;
}

/** What selects hosts, e.g. `{ Key: 'tag:Name', Values: ['worker'] }`. */
export interface Target {
  readonly Key: string;
  readonly Values: readonly string[];
}

/** One command on one host. */
export interface Invocation {
  readonly host: AgentHost;
  current: StatusWithDetails;
  steps: readonly StepResult[];
}

export interface Command {
  readonly commandId: string;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly comment: string;
  readonly parameters: ParameterLists;
  readonly instanceIds: readonly string[];
  readonly targets: readonly Target[];
  readonly requestedAt: Millis;
  readonly timeoutSeconds: number;
  /** When SSM gives up on hosts that have not reported. */
  readonly expiresAt: Millis;
  readonly rendered: RenderedDocument;
  readonly invocations: readonly Invocation[];
}

const DETAILS: Readonly<Partial<Record<Status, string>>> = {
  InProgress: 'In Progress',
  TimedOut: 'Execution Timed Out',
};
const ENDED: readonly Status[] = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

export const withDetails = (status: Status): StatusWithDetails => ({ status, details: DETAILS[status] ?? status });
export const DELIVERY_TIMED_OUT: StatusWithDetails = { status: 'TimedOut', details: 'Delivery Timed Out' };

export const hasEnded = ({ status }: StatusWithDetails): boolean => ENDED.includes(status);

/** Returns the status of a host's steps taken together: the worst of them. */
export function statusOfSteps(steps: readonly StepResult[]): Status {
  const worst = (['Failed', 'TimedOut', 'Cancelled'] as const).find((bad) =>
    steps.some(({ status }) => status === bad),
  );
  return worst ?? 'Success';
}

/**
 * Returns the status of the invocations taken together. A host that was never reached does not fail the command where another one
 * succeeded. [documented: Systems Manager User Guide, "Understanding command statuses"]
 */
export function statusOfCommand({ invocations }: Pick<Command, 'invocations'>): StatusWithDetails {
  const all = invocations.map(({ current }) => current);
  if (all.length === 0) return { status: 'Success', details: 'NoInstancesInTag' };
  if (all.every(({ status }) => status === 'Pending')) return withDetails('Pending');
  if (all.some(({ status }) => status === 'Cancelling')) return withDetails('Cancelling');
  if (!all.every(hasEnded)) return withDetails('InProgress');
  const worst = all.find(isFailed) ?? all.find(({ status }) => status === 'Cancelled');
  return worst ?? all.find(({ status }) => status === 'Success') ?? DELIVERY_TIMED_OUT;
}

export const isFailed = ({ status, details }: StatusWithDetails): boolean =>
  status === 'Failed' || (status === 'TimedOut' && details !== DELIVERY_TIMED_OUT.details);

export const isDeliveryTimedOut = ({ details }: StatusWithDetails): boolean => details === DELIVERY_TIMED_OUT.details;
