/**
 * What the program's exit code says, after sysexits.h. SSM reads 0 as Success and everything else as Failed, so whatever did not
 * run a job and have its report accepted (a duplicate command, for example) must not be 0.
 */
export const EXIT = {
  /** The job succeeded and Baton took its output. */
  ok: 0,
  /** The job failed or was stopped, or its report lost or came late. */
  jobFailed: 1,
  /** The command line is wrong. */
  usage: 64,
  /** Baton or the instance metadata service could not be reached in time. A finished report stays on disk for `recover`. */
  unavailable: 69,
  /** A defect of this program. */
  software: 70,
  /** The state directory cannot be read or written. */
  stateDirectory: 73,
  /** The claim was refused, or this host has run this callback already. Nothing was started. */
  refused: 75,
  /** Baton refused a request for good: another host's callback, an unknown one, a role without permission. */
  noPermission: 77,
  /** The environment is wrong: Node too old, no SSM command id, no boot id. */
  config: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the program with a message and a code. Thrown when it cannot go on and owes no report. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Returns the message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
