import type { Millis } from './millis.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpReply {
  readonly status: number;
  /** The Date header. */
  readonly date: string | undefined;
  readonly body: string;
}

/** Sends a request and follows no redirect. Rejects where no whole reply came within `timeout`. */
export type Send = (request: HttpRequest, timeout: Millis, abort?: AbortSignal) => Promise<HttpReply>;

/** Over Node's fetch. Its errors name the host and what went wrong, never the path. */
export const fetchSend: Send = async ({ method, url, headers, body }, timeout, abort) => {
  const timesOut = AbortSignal.timeout(Math.max(1, Math.floor(timeout)));
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: abort === undefined ? timesOut : AbortSignal.any([timesOut, abort]),
    });
    return { status: response.status, date: response.headers.get('date') ?? undefined, body: await response.text() };
  } catch (error) {
    throw new Error(`${new URL(url).host} did not answer: ${reasonOf(error, timesOut.aborted)}`, { cause: error });
  }
};

/** fetch says "fetch failed" and hides why in the cause. */
function reasonOf(error: unknown, isTimeout: boolean): string {
  if (isTimeout) return 'timed out';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
