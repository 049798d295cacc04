import type { Millis } from '../protocol.ts';
import type { Branch } from './branch.ts';
import type { Tolerance } from './tolerance.ts';

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
  children: readonly Branch[] = [];

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
