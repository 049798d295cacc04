/**
 * Every span of time that Baton chooses itself, in one place. What the state machine's author chooses stands in the
 * work.
 */
import { createHash } from 'node:crypto';
import { type Millis, seconds } from '../wire/millis.ts';

/** Longer than the dispatcher's function may run: a lease that is over has nobody working under it. */
export const DISPATCH_LEASE: Millis = seconds(35);
/** Longer than one SendTask* call may take: who finds it over may tell again. */
export const TELL_LEASE: Millis = seconds(10);
/** How long a worker's own report may come after an observer saw its command end (L2). */
export const REPORT_GRACE: Millis = seconds(10);
/** How much longer than its heartbeat a worker may be silent before SSM and Step Functions are asked. */
export const SILENCE_MARGIN: Millis = seconds(60);
/** Between two inquiries about the same silent callback: DescribeExecution and history are scarce. */
export const INQUIRY_INTERVAL: Millis = seconds(300);
/** How long closed rows are kept for operators: past the 14 days in which an execution may be redriven. */
export const RETENTION_SECONDS = 30 * 86_400;

/**
 * Doubles from 5 seconds to 10 minutes; spread by callback, so that what failed together does not come back together.
 */
export function tellBackoff(callbackId: string, attempts: number): Millis {
  const whole = Math.min(seconds(5) * 2 ** Math.max(0, attempts - 1), seconds(600));
  const spread = createHash('sha256').update(`${callbackId}#${attempts}`).digest().readUInt16BE(0) / 0xffff;
  return Math.round(whole * (0.75 + spread / 2));
}
