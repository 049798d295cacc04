/** What reports may hold, and when they are due. Sizes are bytes of UTF-8. */

/** SendTaskSuccess and SendTaskFailure (documented: API reference). Error and cause count characters. */
export const MAX_OUTPUT_BYTES = 262_144;
export const MAX_ERROR_CHARACTERS = 256;
export const MAX_CAUSE_CHARACTERS = 32_768;

/**
 * Arrays and objects within each other, in an output or in work. Guessed: Step Functions' own limit is not documented; Jackson, with
 * which AWS's services in Java read JSON, stops at this many.
 */
export const MAX_JSON_LEVELS = 1_000;

/** The JSON text of a report, which may be longer than the output that it says: with spaces and escapes. */
export const MAX_REPORT_BYTES = 4 * MAX_OUTPUT_BYTES;

/** The progress that a heartbeat may store, as JSON text. */
export const MAX_PROGRESS_BYTES = 4_096;

/** A message on the completions queue: what a queue made by Terraform's AWS provider takes. */
export const MAX_MESSAGE_BYTES = 262_144;

/** Between TERM and KILL on the host. */
export const STOP_GRACE_SECONDS = 10;

/** Returns how often to send heartbeats: three may be missed before Step Functions gives up, two before the worker does. */
export const heartbeatIntervalSeconds = (heartbeatSeconds: number): number =>
  Math.max(1, Math.floor(heartbeatSeconds / 3));
