import type { Effect, ExecutionIdentity, Input } from '@baton/asl';

export type CallTask = Extract<Effect, { type: 'callTask' }>;
type Outcome<T> = T extends { task: unknown } ? Omit<T, 'task'> : never;
export type TaskOutcome = Outcome<Extract<Input, { type: 'taskSucceeded' | 'taskFailed' }>>;

/** What the driver hears of a call, in this order; `submitted` for the kinds that wait. */
export interface TaskProgress {
  isOpen(): boolean;
  submitted(output: string): void;
  settled(outcome: TaskOutcome): void;
  /** What to do where the attempt is abandoned before it is settled. */
  onAbandon(abandon: () => void): void;
}

/** Calls the resource of a task and waits, where its pattern says so. Never rejects: every failure is the task's own. */
export type CallIntegration = (effect: CallTask, execution: ExecutionIdentity, progress: TaskProgress) => Promise<void>;
