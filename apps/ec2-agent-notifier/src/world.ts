/** What the program needs of its surroundings. main.ts builds the real ones; tests bring their own. */

export interface Clock {
  /** Milliseconds that only ever grow; for deadlines. */
  monotonicMs(): number;
  /** Milliseconds since 1970, as the host believes; for signatures and expiry. */
  epochMs(): number;
  /** Resolves after `ms`, or at once when `wake` aborts. Never rejects. */
  sleep(ms: number, wake?: AbortSignal): Promise<void>;
}

export interface Chance {
  /** From 0 to below 1. */
  fraction(): number;
  uuid(): string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}
export interface HttpAnswer {
  readonly status: number;
  /** The Date header. */
  readonly date: string | undefined;
  readonly body: string;
}
/** Rejects when no whole answer came within `timeoutMs`. Follows no redirect. */
export type Send = (request: HttpRequest, timeoutMs: number, abort?: AbortSignal) => Promise<HttpAnswer>;

/** Says something to the operator. */
export type Log = (line: string) => void;
