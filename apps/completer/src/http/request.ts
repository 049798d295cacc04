import { BatonError, CallbackId, parse, type Millis } from '@baton/token-lib';
import * as z from 'zod/mini';
import type { Caller } from './host-identity.ts';

/** The part of API Gateway's payload (version 2.0) that this door reads. */
const HttpEvent = z.object({
  routeKey: z.string(),
  pathParameters: z.optional(z.object({ callbackId: z.optional(z.string()) })),
  body: z.unknown(),
  requestContext: z.object({
    timeEpoch: z.number(),
    authorizer: z.optional(z.object({ iam: z.optional(z.object({ accountId: z.string(), userArn: z.string() })) })),
  }),
});

export interface HttpRequest {
  readonly routeKey: string;
  readonly callbackId: CallbackId;
  readonly body: unknown;
  readonly caller: Caller;
  readonly at: Millis;
}

/** @throws {BatonError} `InvalidRequest`; `Forbidden` without a signature */
export function parseRequest(event: unknown): HttpRequest {
  const { routeKey, pathParameters, body, requestContext } = parse(HttpEvent, event);
  const caller = requestContext.authorizer?.iam;
  if (caller === undefined) throw new BatonError('Forbidden', 'the request must be signed (Signature Version 4)');
  const callbackId = parse(z.object({ callbackId: CallbackId }), pathParameters ?? {}).callbackId;
  return { routeKey, callbackId, body, caller, at: requestContext.timeEpoch };
}
