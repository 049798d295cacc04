import type { ExecutionIdentity, Json, TaskResource } from '@baton/asl';
import type { Caller, World } from '../../../kernel/service.ts';

/** A call of a service on behalf of an execution. */
export interface TaskCall {
  readonly world: World;
  readonly resource: TaskResource;
  /** As the definition gave them; mostly an object with members in PascalCase. */
  readonly parameters: Json;
  readonly execution: ExecutionIdentity;
  /** The execution's role. */
  readonly caller: Caller;
  /** Resolves when that execution has ended. */
  readonly whenEnded: (executionArn: string) => Promise<void>;
}

/** A task failed: `error` is the name that Retry and Catch see, the message is the cause. */
export class TaskFailure extends Error {
  readonly error: string;

  constructor(error: string, cause: string) {
    super(cause);
    this.name = 'TaskFailure';
    this.error = error;
  }
}
