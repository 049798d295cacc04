import type { Effect, ExecutionIdentity, Input } from '@baton/asl';

export type CallTask = Extract<Effect, { type: 'callTask' }>;
type Outcome<T> = T extends { task: unknown } ? Omit<T, 'task'> : never;
export type TaskOutcome = Outcome<Extract<Input, { type: 'taskSucceeded' | 'taskFailed' }>>;

/** What a call tells the driver: `submitted` when a kind that waits was accepted, then `settled`. */
export interface TaskProgress {
  isOpen(): boolean;
  submitted(output: string): void;
  settled(outcome: TaskOutcome): void;
  /** Sets what to do if the attempt is abandoned before it is settled. */
  onAbandon(abandon: () => void): void;
}

/** Calls the resource of a task, and waits if its pattern says so. Never rejects: every failure becomes the task's outcome. */
export type CallIntegration = (effect: CallTask, execution: ExecutionIdentity, progress: TaskProgress) => Promise<void>;

/**
 * Stands in for the services that tasks call, for tests. Returns the output of the call, as JSON text: of a task that waits for a callback, what its
 * service answered. Returns undefined where the service itself is to be called.
 * @throws {TaskFailure} to fail the task
 */
export type StandIn = (effect: CallTask, execution: ExecutionIdentity) => Promise<string | undefined>;
