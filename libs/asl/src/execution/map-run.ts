import type { Payload } from '../data/payload.ts';
import type { History } from '../history.ts';
import type { ExecutionIdentity, Millis } from '../protocol.ts';
import type { StateFailure } from './failure.ts';

/** How many children of a Map Run may fail. */
export interface Tolerance {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
}

/** What is seen of a child execution. It runs as long as it has neither an output nor a failure. */
export interface ChildExecution {
  readonly identity: ExecutionIdentity;
  readonly input: Payload;
  readonly history: History;
  readonly output: Payload | undefined;
  readonly failure: StateFailure | undefined;
}

/** A Map Run as DescribeMapRun shows it. Its limits may be changed while it runs. */
export class MapRun {
  readonly arn: string;
  readonly startDate: Millis;
  stopDate: Millis | undefined = undefined;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' = 'RUNNING';
  /** 0: as many as possible. */
  maxConcurrency: number;
  tolerance: Tolerance;
  redriveCount = 0;
  /** How many children there will be, and how many items they have in all. */
  total = 0;
  items = 0;
  /** By their place; those that have not begun are missing. */
  children: readonly ChildExecution[] = [];

  constructor(arn: string, startDate: Millis, maxConcurrency: number, tolerance: Tolerance) {
    this.arn = arn;
    this.startDate = startDate;
    this.maxConcurrency = maxConcurrency;
    this.tolerance = tolerance;
  }

  /** How many children are in each status. */
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
