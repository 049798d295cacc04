import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What the console answers instead: the message is for the operator, and says what to do. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  /** The action of IAM that the operator's role lacks, e.g. `states:StopExecution`. */
  readonly missing: string | undefined;

  constructor(status: ContentfulStatusCode, message: string, missing?: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.missing = missing;
  }
}
