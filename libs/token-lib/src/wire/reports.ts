/**
 * What workers and the completer's HTTP API exchange: the bodies of `POST /callbacks/{callbackId}/...` and their
 * answers. Times are seconds, sizes are bytes of UTF-8. Every answer is JSON; a refusal that is not one of the answers
 * below is `{ "error": CODE, "message": TEXT }` with a 4xx or 5xx status.
 */
import * as z from 'zod/mini';
import { CallbackId } from './callback-id.ts';
import { BatonError } from './errors.ts';
import { jsonText } from './json-text.ts';
import { MAX_PROGRESS_BYTES } from './limits.ts';

/**
 * A UUID that a worker chooses for one run of one job. The run that is granted the claim owns the callback; claiming again
 * with the same id is harmless.
 */
export const RunId = z.string().check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));

export const ClaimRequest = z.object({
  runId: RunId,
  /** The SSM command that started the worker. */
  commandId: z.string().check(z.minLength(1), z.maxLength(100)),
  /** The boot of the host, from /proc/sys/kernel/random/boot_id: tells a rebooted host from a second process. */
  bootId: z.string().check(z.minLength(1), z.maxLength(100)),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** What the host is to run. Exactly one of `command` (argv, no shell) and `shell` (a script for `sh -c`). */
export const Job = z.object({
  command: z.optional(z.array(z.string()).check(z.minLength(1))),
  shell: z.optional(z.string()),
  workingDirectory: z.optional(z.string()),
  environment: z.optional(z.record(z.string(), z.string())),
});
export type Job = z.infer<typeof Job>;

export const ClaimAnswer = z.discriminatedUnion('answer', [
  z.object({
    answer: z.literal('granted'),
    job: Job,
    heartbeatIntervalSeconds: z.number(),
    /** A worker that cannot reach Baton for this long stops its process. */
    heartbeatSeconds: z.number(),
    /** Until the task times out. */
    timeLeftSeconds: z.number(),
    /** Between TERM and KILL when a process is stopped. */
    stopGraceSeconds: z.number(),
  }),
  /** An earlier attempt of the same work may still be running: ask again. */
  z.object({ answer: z.literal('wait'), retryAfterSeconds: z.number() }),
  z.object({ answer: z.literal('refused'), reason: z.string() }),
]);
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

/**
 * The `runId` of the claim. Work that is not claimed (queue, lambda) has none: its reports show the secret that came with
 * the work as its `workSecret`, in the header `x-baton-work-secret` or as the member `workSecret` of a queued report.
 */
const claimedBy = z.optional(RunId);

/** Whether progress is small and shallow enough to be stored. */
export function isProgress(value: Readonly<Record<string, unknown>>): boolean {
  try {
    return Buffer.byteLength(jsonText(value, 'progress') ?? '', 'utf8') <= MAX_PROGRESS_BYTES;
  } catch (error) {
    if (error instanceof BatonError) return false;
    throw error;
  }
}

export const HeartbeatRequest = z.object({ runId: claimedBy, progress: z.optional(z.record(z.string(), z.unknown())) });
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

export const HeartbeatAnswer = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('continue'), timeLeftSeconds: z.number() }),
  z.object({ answer: z.literal('stop'), reason: z.string() }),
]);
export type HeartbeatAnswer = z.infer<typeof HeartbeatAnswer>;

/** `output` is any JSON value of at most 262,144 bytes as text and 1,000 levels. */
export const SuccessRequest = z.object({ runId: claimedBy, output: z.unknown() });
export type SuccessRequest = z.infer<typeof SuccessRequest>;

export const FailureRequest = z.object({
  runId: claimedBy,
  error: z.string().check(z.minLength(1), z.maxLength(256)),
  /** Longer causes are cut to 32,768 code points. */
  cause: z.optional(z.string()),
});
export type FailureRequest = z.infer<typeof FailureRequest>;

/** Whose report a message is, and what proves it: as they came with the work. */
const address = { callbackId: CallbackId, workSecret: z.optional(z.string()) };

/**
 * A report as a message on the completions queue, for workers that cannot wait for an answer. Outputs that are too large
 * for the queue go through the HTTP API.
 */
export const QueuedReport = z.discriminatedUnion('type', [
  z.extend(HeartbeatRequest, { type: z.literal('heartbeat'), ...address }),
  z.extend(SuccessRequest, { type: z.literal('success'), ...address }),
  z.extend(FailureRequest, { type: z.literal('failure'), ...address }),
]);
export type QueuedReport = z.infer<typeof QueuedReport>;

/**
 * The result of a success or failure report. `applied`: Step Functions accepted it. `stored`: it is durable, and Step
 * Functions will be told as soon as it answers. `duplicate`: the same outcome was reported before. `conflict`: another
 * outcome won. `late`: Step Functions had closed the task. A worker may report again what is `stored`, which keeps the task
 * alive until Step Functions has taken it; in every other case it has nothing left to do.
 */
export const ReportAnswer = z.object({
  answer: z.enum(['applied', 'stored', 'duplicate', 'conflict', 'late']),
  message: z.optional(z.string()),
});
export type ReportAnswer = z.infer<typeof ReportAnswer>;
