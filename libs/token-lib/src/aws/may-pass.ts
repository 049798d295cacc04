import { ServiceException } from '@smithy/core/client';

/** `OverLimit` is what SQS says while too many of a queue's messages are in flight (documented: ReceiveMessage). */
const THROTTLED = /Throttl|TooMany|RequestLimit|LimitExceeded|OverLimit/;

/**
 * Returns whether the same request may be taken later: AWS was busy, failed, or was not reached. What is not an answer of AWS's
 * comes from the network, or from the search for credentials.
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ServiceException)) return true;
  const { httpStatusCode = 0 } = error.$metadata;
  return httpStatusCode >= 500 || THROTTLED.test(error.name);
}
