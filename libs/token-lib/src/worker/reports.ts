/** How a worker reports about one piece of work, implemented in http-reports.ts, queue-reports.ts and direct.ts. */
import type { Outcome } from '../wire/outcome.ts';

export interface Reporter {
  /** Absent in direct mode. */
  readonly callbackId?: string | undefined;
  /** Returns `stop` if nobody waits any more. If it rejects, the work goes on (L8). */
  heartbeat(progress?: Readonly<Record<string, unknown>>): Promise<'continue' | 'stop'>;
  /** Resolves when the outcome is durable or nobody waits for it. @throws if the work must come again */
  report(outcome: Outcome): Promise<void>;
}

/** Returns the reporter for a message. @throws {BatonError} `InvalidRequest` if the message does not name a callback */
export type Reports = (message: Readonly<Record<string, unknown>>) => Reporter;
