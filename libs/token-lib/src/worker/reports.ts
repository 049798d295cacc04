/** How a worker reports about one piece of work. The ways to do so are in http-reports.ts, queue-reports.ts and direct.ts. */
import type { Outcome } from '../wire/outcome.ts';

export interface Reporter {
  /** Absent in direct mode. */
  readonly callbackId?: string | undefined;
  /** `stop`: nobody waits any more. Rejects where that cannot be asked; the work goes on then (L8). */
  heartbeat(progress?: Readonly<Record<string, unknown>>): Promise<'continue' | 'stop'>;
  /** Resolves when the outcome is durable, or nobody waits for it. @throws where it should be tried again */
  report(outcome: Outcome): Promise<void>;
}

/** Reads from a message for whom it is. @throws {BatonError} `InvalidRequest` where that cannot be read */
export type Reports = (message: Readonly<Record<string, unknown>>) => Reporter;
