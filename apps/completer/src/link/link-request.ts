import { type Millis, parse } from '@baton/token-lib';
import * as z from 'zod/mini';

/** The part of API Gateway's payload (version 2.0) that the doors of links read. Nothing of it is logged. */
const HttpEvent = z.object({
  headers: z.record(z.string(), z.string()),
  pathParameters: z.object({ link: z.string() }),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.object({ timeEpoch: z.number(), http: z.object({ method: z.string() }) }),
});

export interface LinkRequest {
  readonly method: string;
  readonly link: string;
  /** Without parameters, in lower case; empty where there is none. */
  readonly contentType: string;
  readonly body: string;
  readonly at: Millis;
}

export function parseLinkRequest(event: unknown): LinkRequest {
  const { headers, pathParameters, body = '', isBase64Encoded = false, requestContext } = parse(HttpEvent, event);
  return {
    method: requestContext.http.method,
    link: pathParameters.link,
    contentType: (headers['content-type'] ?? '').replace(/;.*$/s, '').trim().toLowerCase(),
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    at: requestContext.timeEpoch,
  };
}
