/**
 * Every duration that Baton chooses itself. Those that the state machine's author chooses are part of the work.
 */
import { createHash } from 'node:crypto';
import { type Millis, seconds } from '../wire/millis.ts';

/** Longer than the dispatcher's function may run: once a lease has ended, nobody works under it. */
export const DISPATCH_LEASE: Millis = seconds(35);
/** Longer than one SendTask* call may take: once it has ended, Step Functions may be told again. */
export const TELL_LEASE: Millis = seconds(10);
/** A reminder that comes early by less than this counts as on time: the clocks of two machines differ. */
export const REMINDER_SLACK: Millis = seconds(2);
/** How long to wait for the worker's own report after an observer saw its command end (L2). */
export const REPORT_GRACE: Millis = seconds(10);

/** The same for a task with a heartbeat: a third of it at the most, so that the failure comes before its clock runs out. */
export const reportGrace = ({ heartbeatSeconds }: { readonly heartbeatSeconds?: number | undefined }): Millis =>
  heartbeatSeconds === undefined ? REPORT_GRACE : Math.min(REPORT_GRACE, seconds(heartbeatSeconds) / 3);

/** How long a host may be silent before SSM and EC2 are asked about it: past its beat, which comes every third of its heartbeat. */
export const lookDelay = (heartbeatSeconds: number): Millis =>
  Math.min(seconds(heartbeatSeconds) / 2, seconds(heartbeatSeconds) / 3 + seconds(15));

/** How long past its heartbeat a worker may be silent before SSM and Step Functions are asked. */
export const SILENCE_MARGIN: Millis = seconds(60);
/** Between two inquiries about the same silent callback: GetExecutionHistory has a low quota. */
export const INQUIRY_INTERVAL: Millis = seconds(300);
/** How long closed rows are kept for operators: longer than the 14 days in which an execution can be redriven. */
export const RETENTION_SECONDS = 30 * 86_400;

/** How soon an outcome that Step Functions did not take is told again: within a third of the heartbeat, which a beat keeps alive. */
export const tellDelay = (callbackId: string, attempts: number, heartbeatSeconds: number | undefined): Millis =>
  Math.min(
    tellBackoff(callbackId, attempts),
    heartbeatSeconds === undefined ? Infinity : seconds(heartbeatSeconds) / 3,
  );

/**
 * Returns the pause before Step Functions is told again: doubles from 5 seconds to 10 minutes, and varies by callback, so
 * that callbacks which failed together are not retried together.
 */
export function tellBackoff(callbackId: string, attempts: number): Millis {
  const whole = Math.min(seconds(5) * 2 ** Math.max(0, attempts - 1), seconds(600));
  const spread = createHash('sha256').update(`${callbackId}#${attempts}`).digest().readUInt16BE(0) / 0xffff;
  return Math.round(whole * (0.75 + spread / 2));
}
