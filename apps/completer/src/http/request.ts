import { BatonError, CallbackId, parse, type Millis } from '@baton/token-lib';
import * as z from 'zod/mini';
import type { Caller } from './caller-identity.ts';

/** The part of API Gateway's payload (version 2.0) that this door reads. */
const HttpEvent = z.object({
  routeKey: z.string(),
  pathParameters: z.optional(z.object({ callbackId: z.optional(z.string()) })),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.object({
    timeEpoch: z.number(),
    authorizer: z.optional(z.object({ iam: z.optional(z.object({ accountId: z.string(), userArn: z.string() })) })),
  }),
});

export interface HttpRequest {
  readonly routeKey: string;
  readonly callbackId: CallbackId;
  /** Undefined where there is none. */
  readonly body: unknown;
  readonly caller: Caller;
  readonly at: Millis;
}

/** @throws {BatonError} `InvalidRequest`; `Forbidden` without a signature */
export function parseRequest(event: unknown): HttpRequest {
  const { routeKey, pathParameters, body, isBase64Encoded, requestContext } = parse(HttpEvent, event);
  const caller = requestContext.authorizer?.iam;
  if (caller === undefined) throw new BatonError('Forbidden', 'the request must be signed (Signature Version 4)');
  const callbackId = parse(z.object({ callbackId: CallbackId }), pathParameters ?? {}).callbackId;
  return { routeKey, callbackId, body: jsonOf(body, isBase64Encoded), caller, at: requestContext.timeEpoch };
}

/** Whatever content type it claims. */
function jsonOf(body: string | undefined, isBase64Encoded = false): unknown {
  if (body === undefined || body === '') return undefined;
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    throw new BatonError('InvalidRequest', 'the body must be JSON');
  }
}
