import type { Send } from './world.ts';

export const fetchSend: Send = async ({ method, url, headers, body }, timeoutMs, abort) => {
  const timeout = AbortSignal.timeout(Math.max(1, Math.floor(timeoutMs)));
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: abort === undefined ? timeout : AbortSignal.any([timeout, abort]),
    });
    return { status: response.status, date: response.headers.get('date') ?? undefined, body: await response.text() };
  } catch (error) {
    throw new Error(`${new URL(url).host} did not answer: ${reason(error, timeout.aborted)}`, { cause: error });
  }
};

/** fetch says "fetch failed" and hides why in the cause. */
function reason(error: unknown, timedOut: boolean): string {
  if (timedOut) return 'timed out';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
