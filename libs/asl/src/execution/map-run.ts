import type { Payload } from '../data/payload.ts';
import type { History } from '../history.ts';
import type { ExecutionIdentity, Millis } from '../protocol.ts';
import type { StateFailure } from './failure.ts';

/** How many children of a Map Run may fail before the run does. */
export interface Tolerance {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
}

/** A child execution, as API actions show it. It has an output once it has succeeded, a failure once it has failed. */
export interface ChildExecution {
  readonly identity: ExecutionIdentity;
  readonly input: Payload;
  readonly history: History;
  readonly output: Payload | undefined;
  readonly failure: StateFailure | undefined;
}

/** A Map Run, as DescribeMapRun shows it. UpdateMapRun may change its limits while it runs. */
export class MapRun {
  readonly arn: string;
  readonly startDate: Millis;
  stopDate: Millis | undefined = undefined;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' = 'RUNNING';
  /** 0: no limit but AWS's own. */
  maxConcurrency: number;
  tolerance: Tolerance;
  redriveCount = 0;
  /** The number of children, those not yet started included. */
  total = 0;
  /** The number of items in all children. */
  items = 0;
  /** In the order of their items. Those that have not started are missing. */
  children: readonly ChildExecution[] = [];

  constructor(arn: string, startDate: Millis, maxConcurrency: number, tolerance: Tolerance) {
    this.arn = arn;
    this.startDate = startDate;
    this.maxConcurrency = maxConcurrency;
    this.tolerance = tolerance;
  }

  /** The number of children in each status. */
  get counts(): { pending: number; running: number; succeeded: number; failed: number; aborted: number } {
    const begun = this.children.filter((child) => child !== undefined);
    const succeeded = begun.filter(({ output }) => output).length;
    const failed = begun.filter(({ failure }) => failure).length;
    const open = begun.length - succeeded - failed;
    const pending = this.total - begun.length;
    return this.status === 'RUNNING'
      ? { pending, running: open, succeeded, failed, aborted: 0 }
      : { pending: 0, running: 0, succeeded, failed, aborted: open + pending };
  }
}
