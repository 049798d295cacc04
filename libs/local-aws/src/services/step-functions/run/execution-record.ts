import type { Execution, ExecutionIdentity, TaskNumber, TimerNumber } from '@baton/asl';
import type { Millis, Timer } from '../../../kernel/clock/clock.ts';
import type { TaskOutcome } from './integration-port.ts';
import type { SmallMap } from './small-map.ts';
import type { Revision, StateMachine } from './state-machine-store.ts';
import type { TokenKey } from './task-tokens.ts';

/** An attempt of a task that is under way. It leaves its execution's table as soon as it is over. */
export interface Attempt {
  readonly record: ExecutionRecord;
  readonly task: TaskNumber;
  /** What its token is found by. The token itself is only in the history and with the worker. */
  key: TokenKey | undefined;
  /** Whether the call that hands the task over has been accepted. */
  accepted: boolean;
  /** An outcome that a worker reported before that. */
  early: TaskOutcome | undefined;
  /** Withdraws an activity's task, or stops the execution that the attempt follows. */
  abandon: (() => void) | undefined;
}

/** The latest redrive of an execution. */
export interface Redrive {
  readonly count: number;
  readonly date: Millis;
  readonly clientToken: string | undefined;
}

export type ExecutionFacts = Pick<
  Execution,
  'status' | 'output' | 'error' | 'cause' | 'stopDate' | 'history' | 'mapRuns'
> & {
  /** False where too much of it has been forgotten. */
  readonly isRedrivable?: boolean;
};

/** An execution as the API knows it. Kept small: hundreds of thousands may wait at once. */
export interface ExecutionRecord {
  readonly arn: string;
  readonly name: string;
  readonly machine: StateMachine;
  readonly revision: Revision;
  readonly versionArn: string | undefined;
  readonly aliasArn: string | undefined;
  /** JSON text. */
  readonly input: string;
  readonly startDate: Millis;
  readonly traceHeader: string | undefined;
  /** What can be said of it, of a closed one too. */
  execution: ExecutionFacts;
  /** What inputs go to; undefined where a closed execution is compact. */
  live: Execution | undefined;
  readonly identity: ExecutionIdentity;
  readonly attempts: SmallMap<TaskNumber, Attempt>;
  readonly timers: SmallMap<TimerNumber, Timer>;
  redrive: Redrive | undefined;
  /** Called once when the execution ends. */
  followers: Set<() => void> | undefined;
}
